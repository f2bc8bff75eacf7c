// A profile's list of the last match run: the first few beside its texts, all of them under an address of their own.
import { useAnswer } from "../../api/answer";
import { address, get, type Result } from "../../api/client";
import { Downloads } from "../../parts/download";
import { Fit } from "../../parts/fit";
import { Received } from "../../parts/received";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { newCaseAddress, pairAddress, profileAddress } from "../../parts/way";
import { go, type Place, withQuery } from "../../shell/place";
import { Country, useCaseTerms } from "../../words/names";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";

type RunMatches = Result<"get", "/v1/profiles/{id}/matches">;

const FEW = 5;

function useMatches(id: string, query: { programme?: string; weak?: boolean }) {
  return useAnswer(`matches ${id} ${query.programme ?? ""} ${query.weak ?? ""}`, (signal) => get("/v1/profiles/{id}/matches", { path: { id }, query, signal }));
}

function MatchTable({ run, few }: { run: RunMatches; few?: boolean }) {
  const words = useCaseTerms();
  const changed = new Map(run.changes.map((change) => [change.id, change]));
  const banded = run.matches.some((match) => match.band), told = run.previous !== null || run.matches.some((match) => match.proposed);
  const rows = (few ? run.matches.slice(0, FEW) : run.matches).map((match) => {
    const change = changed.get(match.id);
    return [
      <a href={pairAddress(run.profile, match.id, run.programme)}><bdi>{match.title}</bdi></a>,
      <><Country code={match.country} /><Received from={match.received_from} /></>,
      ...(banded ? [match.band ? <Fit band={match.band} /> : <span class="quiet">–</span>] : []),
      ...(told ? [<>
        {change ? <span class={change.change === "new" ? "badge accent" : "badge"}>{words?.["change.kind"]?.[change.change] ?? change.change}</span>
          : run.previous ? <span class="quiet">{say("profile.as_before")}</span> : null}
        {match.proposed && <> <span class="badge good">{say("profile.proposed")}</span></>}
      </>] : []),
      number(match.place),
      <a href={newCaseAddress("interest", run.profile, match.id, run.programme)}>{say("term.ask_for_an_introduction")}<span class="hidden">: {match.title}</span></a>,
    ];
  });
  return <Table label={say("profile.best")} rows={rows} columns={[
    { head: say("column.counterpart") }, { head: say("column.country") }, ...(banded ? [{ head: say("column.band") }] : []), ...(told ? [{ head: say("profile.since_before") }] : []), { head: say("column.place"), number: true }, { head: say("column.next") }]} />;
}

export function BestMatches({ id }: { id: string }) {
  const { data } = useMatches(id, {});
  if (!data?.matches.length) return null;
  return (
    <section class="card stack-s">
      <h2>{say("profile.best")}</h2>
      <MatchTable run={data} few />
      <p><a class="m" href={profileAddress(id) + "/matches"}>{say("profile.all_matches")}</a></p>
    </section>
  );
}

function Gone({ run }: { run: RunMatches }) {
  const gone = run.changes.filter((change) => change.change === "gone");
  if (!gone.length) return null;
  return (
    <section class="card stack-s">
      <h2>{say("profile.gone")}</h2>
      <ul class="m stack-s">
        {gone.map((change) => <li key={change.id}><bdi>{change.title || change.id}</bdi> <span class="quiet" dir="auto">{change.why}</span></li>)}
      </ul>
    </section>
  );
}

export function Matches({ id, place }: { id: string; place: Place }) {
  const programme = place.query.get("programme") ?? "open", weak = place.query.has("weak");
  const shown = useMatches(id, { programme, ...(weak && { weak }) });
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  const search = "/search?" + new URLSearchParams({ profile: id, ...(programme !== "open" && { programme }) });
  return (
    <div class="stack">
      <div class="row noprint">
        <label class="label" for="programme">{say("column.programme")}</label>
        <select class="input" id="programme" value={programme} onChange={(event) => go(withQuery({ programme: event.currentTarget.value === "open" ? null : event.currentTarget.value }))}>
          {(programmes.length ? programmes : [{ slug: programme, name: programme }]).map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
        </select>
      </div>
      {shown.problem?.trouble === "gone" ? (
        <Empty title={say("profile.no_list")}>
          <p dir="auto">{shown.problem.detail}</p>
          <div class="row middle"><a class="button main" href={search}>{say("profile.ask_now")}</a></div>
        </Empty>
      ) : (
        <Answered shown={shown}>
          {(run) => (
            <>
              <div class="row apart">
                <p class="m quiet">{say("profile.run_of")} <Moment when={run.finished} /></p>
                <Downloads name={id.replace(/[^\w.-]/g, "_")} target={address("/v1/profiles/{id}/matches", { path: { id }, query: { programme, ...(weak && { weak }) } })} />
              </div>
              {run.matches.length ? <section class="card"><MatchTable run={run} /></section> : (
                <Empty title={say("profile.nobody")}><div class="row middle"><a class="button main" href={search}>{say("profile.ask_now")}</a></div></Empty>
              )}
              {run.weak > 0 && !weak && <p><a class="button" href={withQuery({ weak: "1" })}>{say("profile.show_weak", { n: run.weak })}</a></p>}
              <Gone run={run} />
            </>
          )}
        </Answered>
      )}
    </div>
  );
}
