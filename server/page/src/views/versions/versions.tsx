// The versions of a profile: who published what when, what differs between two, an old one made the next.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, post, type Problem, type Schemas } from "../../api/client";
import { announce } from "../../parts/announce";
import { Acting } from "../../parts/acting";
import { Dialog } from "../../parts/dialog";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { Id } from "../../parts/text";
import { profileAddress, reviewAddress, Way } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { go, type Place, withQuery } from "../../shell/place";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import type { ViewProps } from "../../views";
import { Tabs } from "../profile/tabs";
import { Difference } from "./difference";

type Versions = Schemas["Versions"];
const rangeAddress = (id: string, from: number, to: number) => `${profileAddress(id)}/versions/${from}..${to}`;

function List({ versions, id }: { versions: Versions; id: string }) {
  const all = versions.versions;
  const rows = [...all].reverse().map((one, i) => [
    <>{say("version.number", { n: one.version })}{i === 0 && <> <span class="badge good">{say("version.in_force")}</span></>}</>,
    <Moment when={one.at} />,
    one.who ? <bdi>{one.who}</bdi> : "",
    one.case ? <Way href={reviewAddress(one.case)}><bdi class="id">{one.case}</bdi></Way> : "",
    i + 1 < all.length ? <a href={rangeAddress(id, all[all.length - 2 - i]!.version, one.version)}>{say("version.since", { n: one.version, before: all[all.length - 2 - i]!.version })}</a> : "",
  ]);
  return (
    <>
      <Table label={say("version.list")} rows={rows}
        columns={[{ head: say("column.version") }, { head: say("column.at") }, { head: say("column.who") }, { head: say("column.case") }, { head: say("column.changed") }]} />
      <p class="small quiet">{say("version.kept", { n: versions.kept })}</p>
    </>
  );
}

function Choose({ versions, id, from, to }: { versions: Versions; id: string; from: number; to: number }) {
  const select = (label: string, value: number, change: (version: number) => void, name: string) => (
    <span class="row">
      <label class="m" for={name}>{label}</label>
      <select class="input" id={name} value={value} onChange={(event) => change(Number(event.currentTarget.value))}>
        {versions.versions.map((one) => <option key={one.version} value={one.version}>{number(one.version)}</option>)}
      </select>
    </span>
  );
  return (
    <div class="row noprint">
      {select(say("version.from"), from, (chosen) => go(rangeAddress(id, chosen, to)), "from-version")}
      {select(say("version.to"), to, (chosen) => go(rangeAddress(id, from, chosen)), "to-version")}
    </div>
  );
}

function Restore({ id, version, place, done }: { id: string; version: number; place: Place; done(): void }) {
  const now = useAnswer("profile " + id, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  const [asked, ask] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const desk = place.query.get("desk") ?? "";
  const restore = async () => {
    try {
      const { data } = await post("/v1/profiles/{id}/versions/{version}:restore", undefined as never,
        { path: { id, version: String(version) }, query: desk ? { desk } : {}, headers: now.etag ? { "If-Match": now.etag } : {} });
      const held = (data as { case?: string }).case;
      announce(say(held ? "version.with_review" : "version.restored", { n: version }));
      done();
      go(held ? reviewAddress(held) : profileAddress(id) + "/versions");
    } catch (error) {
      setProblem(error as Problem);
      if ((error as Problem).trouble === "overtaken") now.again();
    } finally {
      ask(false);
    }
  };
  return (
    <div class="stack-s noprint">
      {problem && <p class="notice bad" role="alert"><span dir="auto">{problem.detail} {problem.remedy}</span></p>}
      <button type="button" class="button" onClick={() => ask(true)}>{say("version.restore", { n: version })}</button>
      {asked && (
        <Dialog title={say("version.restore", { n: version })} onClose={() => ask(false)}>
          <p class="m">{say("version.restore_what")}</p>
          <Acting label={say("version.for_desk")} desk={desk} change={(chosen) => go(withQuery({ desk: chosen }), { replace: true })} />
          <div class="row">
            <button type="button" class="button main" onClick={() => void restore()}>{say("version.restore_yes")}</button>
            <button type="button" class="button" onClick={() => ask(false)}>{say("part.not_now")}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

interface Pair {
  id: string;
  from: number;
  to: number;
  last: number; // in force
  place: Place;
  again(): void;
}

function Compared({ id, from, to, place, last, again }: Pair) {
  const shown = useAnswer(`versions ${id} ${from} ${to}`, (signal) =>
    get("/v1/profiles/{id}/versions/{version}", { path: { id, version: String(to) }, query: { against: String(from) }, signal }));
  return (
    <Answered shown={shown}>
      {(version) => (
        <div class="stack" key={from}>
          <p class="m"><Moment when={version.at} />{version.who && <> · <bdi>{version.who}</bdi></>}</p>
          {version.differences?.length === 0 && <Empty title={say("version.same")} />}
          {version.differences?.map((one) => <Difference key={one.member} of={one} lang={(version.profile as { lang?: string }).lang} />)}
          {from !== last && <Restore id={id} version={from} place={place} done={again} />}
        </div>
      )}
    </Answered>
  );
}

// A change that waits for its review stands beside what is in force.
function Proposed({ id }: { id: string }) {
  const { data } = useAnswer("proposed " + id, (signal) => get("/v1/profiles/{id}/draft", { path: { id }, signal }));
  if (!data) return null;
  return <p class="notice"><span>{say("version.proposed")} <Moment when={data.at} /></span><Way href={reviewAddress(data.case)} class="button small">{say("version.to_review")}</Way></p>;
}

export default function VersionsView({ place }: ViewProps) {
  const id = place.params.id!;
  const profile = useAnswer("profile " + id, (signal) => get("/v1/profiles/{id}", { path: { id }, signal })).data;
  const shown = useAnswer("versions " + id, (signal) => get("/v1/profiles/{id}/versions", { path: { id }, signal }));
  const [, from, to] = (place.params.range ?? "").match(/^([1-9]\d*)\.\.([1-9]\d*)$/)?.map(Number) ?? [];
  const title = profile?.title ?? id;
  useTitle(from ? say("version.between", { title, from, to: to! }) : say("version.of", { title }));
  return (
    <>
      <header class="stack-s">
        <h1>{say("version.heading")} <bdi>{title}</bdi></h1>
        <p class="m"><Id id={id} /></p>
      </header>
      <Tabs id={id} here="versions" />
      <Proposed id={id} />
      <Answered shown={shown}>
        {(versions) => (
          <div class="stack">
            {from && to ? (
              <>
                <h2>{say("version.from_to", { from, to })}</h2>
                <Choose versions={versions} id={id} from={from} to={to} />
                <Compared id={id} from={from} to={to} place={place} again={shown.again} last={versions.versions.at(-1)?.version ?? 0} />
              </>
            ) : place.params.range ? <Empty title={say("version.no_range")} /> : null}
            <List versions={versions} id={id} />
          </div>
        )}
      </Answered>
    </>
  );
}
