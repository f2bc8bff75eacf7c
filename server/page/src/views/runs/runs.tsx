// Match runs: the one at work, the published ones, and of one of them what it changed, by profile. /news leads to the newest.
import { useEffect } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, type Result } from "../../api/client";
import { Answered, Empty, Loading, Trouble } from "../../parts/states";
import { runAddress } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { useMe } from "../../shell/me";
import { go, type Place, withQuery } from "../../shell/place";
import { dayText } from "../../words/dates";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { AtWork } from "./at_work";
import { Changes } from "./changes";
import { RunTable } from "./run_table";

export type RunsData = Result<"get", "/v1/runs">;
export type Run = RunsData["runs"][number];

const useRuns = (programme = "") =>
  useAnswer("runs " + programme, (signal) => get("/v1/runs", { query: programme ? { programme } : {}, signal }));

function Newest({ place }: { place: Place }) {
  const shown = useRuns();
  const me = useMe();
  const newest = shown.data?.runs[0];
  useTitle(say("runs.news"));
  useEffect(() => {
    if (!newest || me === undefined) return;
    const query = new URLSearchParams(place.query);
    if (!query.has("office") && me?.office) query.set("office", me.office);
    go(runAddress(newest.id) + (query.size ? "?" + query : ""), { replace: true });
  }, [newest?.id, me]);
  if (shown.problem && !shown.data) return <><h1>{say("runs.news")}</h1><Trouble problem={shown.problem} again={shown.again} /></>;
  return <><h1>{say("runs.news")}</h1>{shown.data && !newest ? <Empty title={say("runs.none")} /> : <Loading />}</>;
}

function All({ place }: { place: Place }) {
  const programme = place.query.get("programme") ?? "";
  const shown = useRuns(programme);
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  useTitle(say("runs.title"));
  return (
    <>
      <header class="row apart">
        <h1>{say("runs.title")}</h1>
        <div class="row noprint">
          <label class="label" for="programme">{say("column.programme")}</label>
          <select class="input" id="programme" value={programme} onChange={(event) => go(withQuery({ programme: event.currentTarget.value }))}>
            <option value="">{say("runs.all_programmes")}</option>
            {programmes.map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
          </select>
        </div>
      </header>
      <Answered shown={shown}>
        {(data) => (
          <>
            <AtWork status={data.status} programme={programme || undefined} programmes={programmes} again={shown.again} />
            {data.runs.length === 0 ? <Empty title={say("runs.none")}><p>{say("runs.none_how")}</p></Empty> : <RunTable runs={data.runs} programme={programme} programmes={programmes} />}
          </>
        )}
      </Answered>
    </>
  );
}

function One({ id, place }: { id: string; place: Place }) {
  const run = useAnswer("run " + id, (signal) => get("/v1/runs/{id}", { path: { id }, signal }));
  const title = run.data ? say("runs.title_of", { day: dayText(run.data.finished) }) : say("runs.one");
  useTitle(title);
  return (
    <>
      <nav class="m noprint" aria-label={say("runs.where")}><a href="/runs">{say("runs.title")}</a> › {id}</nav>
      <h1>{title}</h1>
      <Answered shown={run}>{(data) => <Changes run={data} place={place} />}</Answered>
    </>
  );
}

export default function Runs({ place }: ViewProps) {
  if (place.path === "/news") return <Newest place={place} />;
  return place.params.id ? <One id={place.params.id} place={place} key={place.params.id} /> : <All place={place} />;
}
