// The review of a profile: what is proposed, the card with its points, comments on each member, the decision.
import type { ComponentChildren } from "preact";
import { useAnswer } from "../../api/answer";
import { get, type Schemas } from "../../api/client";
import { useDraft } from "../../kept";
import { Acting } from "../../parts/acting";
import { Clock } from "../../parts/clock";
import { DayInput } from "../../parts/day_input";
import { Field } from "../../parts/field";
import { Answered } from "../../parts/states";
import { Timeline } from "../../parts/timeline";
import { profileAddress } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { go, isThere, type Place, withQuery } from "../../shell/place";
import { CaseTerm, CountryName } from "../../words/names";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { memberName } from "../versions/members";
import { KIND, useActName } from "./acts";
import { Decide, type Said } from "./decide";
import { CommentOn, Proposed } from "./proposed";
import { CRITERIA, ScoreCard, total } from "./scores";

type Case = Schemas["Case"];
type Act = { at: string; verb: string; desk?: string; office?: string; note?: string; by: string; facts?: Schemas["Facts"] };

const DAY = 86_400_000;
const inAYear = () => new Date(Date.now() + 365 * DAY).toISOString().slice(0, 10);

function Told({ act }: { act: Act }): ComponentChildren {
  const named = useActName();
  const { scores, comments } = act.facts ?? {};
  return (
    <>
      {named(act.verb)}
      {scores && <> · {say("review.total", { n: CRITERIA.reduce((sum, one) => sum + scores[one], 0) })}</>}
      {comments?.map((one, i) => <span key={i} class="stack-s"><br />{one.member && <strong>{memberName(one.member)}: </strong>}<span dir="auto">{one.text}</span></span>)}
      {act.note && <><br /><span dir="auto">{act.note}</span></>}
    </>
  );
}

function Head({ of }: { of: Case }) {
  return (
    <header class="row apart top">
      <div class="grow stack-s">
        <h1>{say("review.heading")} <bdi>{of.from.title ?? of.from.profile}</bdi></h1>
        <p class="m row">
          <span class="badge accent"><CaseTerm list={KIND + ".state"} code={of.state} /></span>
          {of.from.country && <CountryName code={of.from.country} />}
          <bdi class="id quiet">{of.id}</bdi>
          {of.owner && <bdi>{of.owner.name}</bdi>}
          {of.open && of.due && <Clock due={of.due} since={of.since} why={of.why_due?.text} />}
        </p>
        {of.why_due && <p class="small quiet" dir="auto">{of.why_due.text}</p>}
      </div>
      <div class="row noprint">
        <a class="button" href={profileAddress(of.from.profile)}>{say("review.published_one")}</a>
        {isThere(profileAddress(of.from.profile) + "/edit") && of.next.includes("submit") && <a class="button" href={profileAddress(of.from.profile) + "/edit"}>{say("review.mend")}</a>}
      </div>
    </header>
  );
}

function Card({ of, etag, again, place }: { of: Case; etag: string | null; again(): void; place: Place }) {
  const desk = place.query.get("desk") ?? "";
  const id = of.from.profile;
  const proposed = useAnswer(of.open ? "proposed " + id : null, (signal) => get("/v1/profiles/{id}/draft", { path: { id }, signal }));
  const [said, change, forget] = useDraft<Said>(place.path, { scores: {}, comments: {}, valid_until: inAYear(), note: "" });
  const reviewing = of.next.includes("publish") || of.next.includes("send_back");
  const dated = reviewing || of.next.includes("renew");
  const comment = reviewing ? (comments: Said["comments"]) => change({ ...said, comments }) : undefined;
  const finished = () => {
    forget();
    change({ scores: {}, comments: {}, valid_until: inAYear(), note: "" });
    forget();
    again();
  };
  const timeline = (of.timeline ?? []) as unknown as Act[];
  return (
    <div class="cols side-end">
      <div class="stack">
        {proposed.data && (
          <>
            <h2>{proposed.data.differences ? say("review.what_changes") : say("review.what_is_new")}</h2>
            <Proposed draft={proposed.data} comments={said.comments} change={comment} />
          </>
        )}
        {of.open && !proposed.data && proposed.problem && <p class="notice"><span dir="auto">{proposed.problem.trouble === "gone" ? say("review.nothing_proposed") : proposed.problem.detail}</span></p>}
        {reviewing && <section class="card"><CommentOn member="" comments={said.comments} change={comment} /></section>}
        {reviewing && <ScoreCard scores={said.scores} change={(scores) => change({ ...said, scores })} />}
        {dated && (
          <section class="card">
            <Field label={say("column.valid_until")}>
              {(attributes) => <DayInput {...attributes} value={said.valid_until} change={(day) => change({ ...said, valid_until: day })} />}
            </Field>
          </section>
        )}
        {of.next.includes("note") && (
          <section class="card">
            <Field label={say("column.note")}>
              {(attributes) => <textarea {...attributes} rows={2} maxLength={4000} dir="auto" value={said.note} onInput={(event) => change({ ...said, note: event.currentTarget.value })} />}
            </Field>
          </section>
        )}
        <Decide of={of} etag={etag} desk={desk} said={said} done={finished} overtaken={again}>
          <Acting label={say("review.for_desk")} desk={desk} change={(chosen) => go(withQuery({ desk: chosen }), { replace: true })} />
        </Decide>
      </div>
      <aside class="stack" aria-label={say("review.history")}>
        <section class="card stack-s">
          <h2>{say("review.history")}</h2>
          <Timeline entries={[...timeline].reverse().map((act) => ({ when: act.at, who: act.desk ?? act.office, what: <Told act={act} /> }))} />
        </section>
        {timeline.some((act) => act.facts?.scores) && <p class="small quiet">{say("review.last_points", { n: total(timeline.filter((act) => act.facts?.scores).at(-1)!.facts!.scores!) })}</p>}
      </aside>
    </div>
  );
}

export default function Review({ place }: ViewProps) {
  const id = place.params.id!;
  const desk = place.query.get("desk") ?? "";
  const shown = useAnswer(`review ${id} ${desk}`, (signal) => get("/v1/reviews/{id}", { path: { id }, query: desk ? { desk } : {}, signal }));
  useTitle(say("review.title_of", { title: shown.data?.from.title ?? id }));
  return (
    <>
      {!shown.data && <h1 class="hidden">{say("review.heading")} {id}</h1>}
      <Answered shown={shown}>
        {(of) => (
          <>
            <Head of={of} />
            <Card of={of} etag={shown.etag} again={shown.again} place={place} />
          </>
        )}
      </Answered>
    </>
  );
}
