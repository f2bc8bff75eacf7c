// One case: whose court it is in and until when, what was said, what may be done, what was done.
import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { lazy } from "../../parts/lazy";
import { Answered } from "../../parts/states";
import { Id } from "../../parts/text";
import { pairAddress, reviewAddress, Way } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { Country } from "../../words/names";
import { say, sayWith } from "../../words/say";
import type { ViewProps } from "../../views";
import { isMine, useActing } from "./acting";
import { Contacts, Keys, People, Related } from "./aside";
import { isBegun, useCaseDraft } from "./draft";
import { Stated } from "./facts";
import { Events } from "./history";
import { type Case, isBetweenTwo, isReviewed, titleOf, useWords, wayOf } from "./model";
import { Standing, Steps } from "./standing";

// What one does comes after what one reads.
const ActForm = lazy(() => import("./act_form").then((part) => part.ActForm), ["page_acts"]);
const After = lazy(() => import("./after").then((part) => part.After), ["page_acts"]);
const Instead = lazy(() => import("./after").then((part) => part.Instead), ["page_acts"]);

const PIPELINE = "/pipeline";
const WANTED: Record<string, string[]> = { interest: ["cooperation", "missing", "about_us"] }; // missed where they are not said

function Head({ item }: { item: Case }) {
  const words = useWords();
  const one = <bdi>{titleOf(item.from)}</bdi>, other = <bdi>{titleOf(item.to)}</bdi>, two = isBetweenTwo(item);
  const asks = item.kind === "interest";
  return (
    <>
      <nav class="m" aria-label={say("casework.where")}><Way href={PIPELINE}>{say("term.pipeline")}</Way> › {words.kind(item.kind)} <Id id={item.id} /></nav>
      <header class="stack-s">
        <h1>{!two ? <>{one} – {words.kind(item.kind)}</> : asks ? sayWith("casework.asks_to_meet", { one, other }) : <>{one} – {other}</>}</h1>
        <p class="m quiet">
          {item.from.country && <Country code={item.from.country} />}{two && item.to.country && <> – <Country code={item.to.country} /></>}
        </p>
        <Steps item={item} way={wayOf(item.kind)} />
      </header>
    </>
  );
}

function Said({ item }: { item: Case }) {
  const two = isBetweenTwo(item);
  const facts = { ...item.answers, ...(item.found && { found: item.found }) };
  const note = item.timeline?.[0]?.note;
  const wanted = WANTED[item.kind];
  if (!wanted && !Object.keys(facts).length && !note) return two ? <p class="m"><a href={pairAddress(item.from.profile, item.to.profile, item.programme)}>{say("casework.side_by_side")}</a></p> : null;
  return (
    <section class="card stack" aria-labelledby="said">
      <h2 id="said">{say("casework.what_they_wrote")}</h2>
      <Stated facts={facts} wanted={wanted} />
      {note && <blockquote class="quote" dir="auto">{note}</blockquote>}
      {two && <p class="m"><a href={pairAddress(item.from.profile, item.to.profile, item.programme)}>{say("casework.side_by_side")}</a></p>}
    </section>
  );
}

export default function CaseView({ place }: ViewProps) {
  const id = place.params.id!;
  const acting = useActing(place);
  const words = useWords();
  const shown = useAnswer(acting.me === undefined ? null : `case ${id} ${acting.query.desk ?? ""}`, (signal) => get("/v1/cases/{id}", { path: { id }, query: acting.query, signal }));
  const writing = useCaseDraft(id);
  const [newer, setNewer] = useState<Case | null>(null);
  const [done, setDone] = useState<{ as: Case; verb: string } | null>(null);
  useEffect(() => {
    setNewer(null);
    setDone(null);
  }, [id]);
  const fetched = shown.data as unknown as Case | null;
  useTitle(fetched ? say("casework.title", { kind: words.kind(fetched.kind), one: titleOf(fetched.from), other: isBetweenTwo(fetched) ? titleOf(fetched.to) : id }) : id);
  return (
    <>
      {!fetched && <h1 class="hidden">{say("casework.case")} <Id id={id} /></h1>}
      <Answered shown={shown}>
        {(data) => {
          const got = data as unknown as Case;
          const item = newer && newer.id === got.id && newer.version > got.version ? newer : got;
          const mine = isMine(item, acting);
          return (
            <>
              <Head item={item} />
              <div class="cols side-end">
                <div class="stack">
                  {done && <After done={done.as} verb={done.verb} acting={acting} />}
                  <Standing item={item} acting={acting} mine={mine && !done} />
                  <Said item={item} />
                  {(item.acts?.length || isBegun(writing.draft)) && (
                    <section class="card stack noprint" aria-labelledby="next">
                      <h2 id="next">{say(mine ? "casework.your_answer" : "casework.what_may_be_done")}</h2>
                      {isReviewed(item) && <p><a class="button main" href={reviewAddress(item.id)}>{say("casework.review_it")}</a></p>}
                      <ActForm item={item} acting={acting} writing={writing} onNewer={setNewer}
                        onDone={(as, act) => { setDone({ as, verb: act.verb }); shown.again(); }} />
                    </section>
                  )}
                  {item.instead && <Instead item={item} />}
                  <section class="card stack" aria-labelledby="history">
                    <h2 id="history">{say("casework.history")}</h2>
                    <Events item={item} events={item.timeline ?? []} directory={acting.directory} />
                  </section>
                </div>
                <aside class="stack" aria-label={say("casework.beside")}>
                  <Keys item={item} acting={acting} />
                  <Contacts item={item} />
                  <People item={item} acting={acting} />
                  <Related item={item} key={item.version} />
                </aside>
              </div>
            </>
          );
        }}
      </Answered>
    </>
  );
}
