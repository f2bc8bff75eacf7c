// What a run changed, profile by profile; the run it is compared with and the office are in the address.
import { useAnswer } from "../../api/answer";
import { address, get, type Result } from "../../api/client";
import { Downloads } from "../../parts/download";
import { Answered, Empty } from "../../parts/states";
import { go, type Place, withQuery } from "../../shell/place";
import { Moment, momentText } from "../../words/dates";
import { number, say } from "../../words/say";
import { OfRun } from "./of_run";
import { ProfileChanges } from "./profile_changes";
import type { Run } from "./runs";

export type Digest = Result<"get", "/v1/runs/{id}/digest">;
const PAGE = 25, MOST = 1000; // profiles on a page, and in a file

function Choices({ run, office, against }: { run: Run; office: string; against: string }) {
  const others = useAnswer("runs " + run.programme, (signal) => get("/v1/runs", { query: { programme: run.programme }, signal })).data?.runs ?? [];
  const offices = useAnswer("offices", (signal) => get("/v1/offices", { signal })).data?.offices ?? [];
  const earlier = others.filter((one) => one.finished < run.finished || (one.finished === run.finished && one.id < run.id));
  return (
    <div class="row noprint">
      <label class="label" for="office">{say("column.office")}</label>
      <select class="input" id="office" value={office} onChange={(event) => go(withQuery({ office: event.currentTarget.value }))}>
        <option value="">{say("runs.all_offices")}</option>
        {offices.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </select>
      {earlier.length > 1 && (
        <>
          <label class="label" for="against">{say("runs.against")}</label>
          <select class="input" id="against" value={against} onChange={(event) => go(withQuery({ against: event.currentTarget.value }))}>
            <option value="">{say("runs.before")}</option>
            {earlier.map((one) => <option key={one.id} value={one.id}>{momentText(one.finished)}</option>)}
          </select>
        </>
      )}
    </div>
  );
}

const STRONG = (change: Digest["profiles"][number]["changes"][number]) => change.band === "strong" && change.change === "new";

function Sums({ digest, run }: { digest: Digest; run: Run }) {
  const changes = digest.profiles.flatMap((one) => one.changes);
  const count = (...kinds: string[]) => changes.filter((one) => kinds.includes(one.change)).length;
  const all = digest.profiles.length === digest.total && digest.profiles.every((one) => !one.more);
  const sums = [
    { n: count("new"), word: "runs.new", more: changes.filter(STRONG).length },
    { n: count("gone"), word: "runs.gone" }, { n: count("risen", "fallen"), word: "runs.moved" }, { n: count("proposed", "withdrawn"), word: "runs.proposals" },
  ];
  return (
    <section class="card stack-s">
      <p class="m">{say("runs.touched", { n: digest.total })} {digest.previous ? say("runs.of_all", { n: run.profiles }) : say("runs.no_before")}</p>
      {all && (
        <ul class="row top">
          {sums.map((sum) => (
            <li key={sum.word} class="grow"><p><strong>{number(sum.n)}</strong> {say(sum.word)}</p>{sum.more ? <p class="m quiet">{say("runs.strong_ones", { n: sum.more })}</p> : null}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Changes({ run, place }: { run: Run; place: Place }) {
  const office = place.query.get("office") ?? "", against = place.query.get("against") ?? "";
  const page = Math.min(40, Math.max(1, Number(place.query.get("page")) || 1));
  const name = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes.find((one) => one.slug === run.programme)?.name;
  const strong = place.query.has("strong");
  const query = { ...(office && { office }), ...(against && { since: against }), limit: page * PAGE };
  const shown = useAnswer(`digest ${run.id} ${JSON.stringify(query)}`, (signal) => get("/v1/runs/{id}/digest", { path: { id: run.id }, query, signal }));
  return (
    <>
      <p class="m quiet"><bdi>{name ?? run.programme}</bdi> · <Moment when={run.finished} /></p>
      <div class="row apart">
        <Choices run={run} office={office} against={against} />
        <div class="row noprint">
          <Downloads name={run.id} target={address("/v1/runs/{id}/digest", { path: { id: run.id }, query: { ...query, limit: MOST } })} />
          <button type="button" class="button small" onClick={() => print()}>{say("part.print")}</button>
        </div>
      </div>
      <Answered shown={shown}>
        {(digest) => {
          const profiles = digest.profiles.map((one) => (strong ? { ...one, changes: one.changes.filter(STRONG), more: undefined } : one)).filter((one) => one.changes.length > 0);
          return (
            <>
              <Sums digest={digest} run={run} />
              <div class="row noprint">
                <a class={strong ? "chip" : "chip on"} aria-current={strong ? undefined : "true"} href={withQuery({ strong: null })}>{say("runs.all_changes")}</a>
                <a class={strong ? "chip on" : "chip"} aria-current={strong ? "true" : undefined} href={withQuery({ strong: "1" })}>{say("runs.new_and_strong")}</a>
              </div>
              {profiles.length === 0 && <Empty title={say(strong ? "runs.no_strong" : "runs.nothing_changed")}><p>{say("runs.lists_stay")}</p></Empty>}
              {profiles.map((one) => <ProfileChanges key={one.id} profile={one} programme={run.programme} first={!digest.previous} />)}
              {digest.total > digest.profiles.length && <p><a class="button" href={withQuery({ page: String(page + 1) })}>{say("runs.more", { n: digest.total - digest.profiles.length })}</a></p>}
            </>
          );
        }}
      </Answered>
      <OfRun run={run} />
    </>
  );
}
