// A set of partners that together would cover what a project needs, when it is asked for.
import { useAnswer } from "../../api/answer";
import { post, type Result } from "../../api/client";
import { Received } from "../../parts/received";
import { Answered } from "../../parts/states";
import { pairAddress } from "../../parts/way";
import { type Place, withQuery } from "../../shell/place";
import { Country, Term, useTerms } from "../../words/names";
import { list, number, say } from "../../words/say";

type Set = Result<"post", "/v1/projects/{id}/assemble">;
const PROGRAMME = "pcp"; // that assembles

function Found({ set }: { set: Set }) {
  const terms = useTerms();
  const what = (needs: Set["needs"]) => list(needs.map((need) => (need.kind === "instrument" ? (terms?.cooperation?.[need.codes[0] ?? ""] ?? need.what) : need.what)));
  return (
    <>
      {set.partners.length === 0 ? <p>{say("portfolio.no_set")}</p> : (
        <ul class="stack-s">
          {set.partners.map((one) => (
            <li key={one.id}>
              <p><a href={pairAddress(set.project, one.id, set.programme)}><bdi>{one.title}</bdi></a> · <Country code={one.country} /><Received from={one.received_from} /></p>
              <p class="m quiet"><span dir="auto">{what(one.covers)}</span>{one.states_amount && <> · {number(Math.round(one.amount))} {one.currency}</>}{one.instrument && <> · <Term list="cooperation" code={one.instrument} /></>}</p>
            </li>
          ))}
        </ul>
      )}
      {set.uncovered.length > 0 && <p class="m"><span class="unmet">{say("portfolio.uncovered")}</span> <span dir="auto">{what(set.uncovered)}</span></p>}
      {set.budget && set.budget.missing > 0 && <p class="m">{say("portfolio.set_missing", { amount: `${number(Math.round(set.budget.missing))} ${set.budget.currency}` })}</p>}
      {set.note && <p class="notice"><span dir="auto">{set.note}</span></p>}
      <p class="small quiet">{say("portfolio.considered", { n: set.considered })} {set.proven && say("portfolio.proven")}</p>
    </>
  );
}

export function Assembled({ id, place }: { id: string; place: Place }) {
  const asked = place.query.has("assemble");
  const shown = useAnswer(asked ? "assemble " + id : null, (signal) => post("/v1/projects/{id}/assemble", { programme: PROGRAMME }, { path: { id }, signal }));
  return (
    <section class="card stack-s">
      <h2>{say("portfolio.set")}</h2>
      {asked ? <Answered shown={shown}>{(set) => <Found set={set} />}</Answered> : (
        <><p class="m quiet">{say("portfolio.set_how")}</p><p class="noprint"><a class="button" href={withQuery({ assemble: "1" })}>{say("portfolio.set_ask")}</a></p></>
      )}
    </section>
  );
}
