// Two profiles side by side, why they fit, and the expression of interest that one may send the other.
import { Fit } from "../parts/fit";
import { Parts } from "../parts/reasons";
import { announce } from "../parts/announce";
import { say, sayWith } from "../words/say";
import { FactField, factsOf } from "../views/case/fields";
import type { Facts, Say } from "../views/case/model";
import { Side, type Spot } from "../views/match/side";
import { Reasons } from "./profiles";
import { taken, useDraft, write, written } from "./state";

const ASKED: Say[] = [{ fact: "cooperation", required: true }, { fact: "missing", required: false }, { fact: "about_us", required: false }];

function Ask({ one, other, programme }: { one: string; other: string; programme: string }) {
  const inside = taken.get()!;
  const { operations } = written.use();
  const [facts, setFacts] = useDraft<Facts>(`/interest ${one} ${other}`, {});
  const before = operations.some((op) => op.does === "interest" && op.body.from === one && op.body.to === other);
  const acting = { me: null, directory: inside.directory, desk: inside.desk, office: inside.office, query: {} };
  const item = { kind: "interest", from: { profile: one, office: "" }, to: { profile: other, office: "" } };
  function keep(event: Event) {
    event.preventDefault();
    const answers = factsOf(facts, ASKED.map((asked) => asked.fact));
    if (!answers.cooperation) return;
    write({ does: "interest", subject: "", verb: "", if_match: "", body: { from: one, to: other, programme, answers } });
    setFacts(null);
    announce(say("taken.put_into_outbox"));
  }
  return (
    <section class="card stack" aria-labelledby="ask">
      <h2 id="ask">{say("term.ask_for_an_introduction")}</h2>
      {before && <p class="notice good"><span>{say("taken.written_here")}</span></p>}
      {!inside.desk ? <p class="notice"><span>{say("casework.no_desk")}</span></p> : (
        <form class="stack" onSubmit={keep}>
          {ASKED.map((asked) => (
            <FactField key={asked.fact} {...asked} item={item} verb="send" acting={acting} value={facts[asked.fact]} change={(value) => setFacts({ ...facts, [asked.fact]: value })} />
          ))}
          <button type="submit" class="button main" aria-disabled={!facts.cooperation}>{say("taken.into_outbox")}</button>
        </form>
      )}
    </section>
  );
}

export function Pair({ one, other }: { one: string; other: string }) {
  const { profiles, matches } = taken.get()!;
  const a = profiles[one], b = profiles[other];
  if (!a || !b) return <h1>{say("taken.not_here")}</h1>;
  const found = matches[one], match = found?.matches.find((each) => each.id === other);
  const evidence = match?.evidence;
  const own: Spot[] = evidence && evidence.member !== "references" ? [{ n: 1, member: evidence.member, offset: evidence.offset, length: evidence.length }] : [];
  const asked: Spot[] = evidence?.asked ? [{ n: 1, member: evidence.asked.member, offset: evidence.asked.offset, length: evidence.asked.length }] : [];
  return (
    <>
      <h1><bdi>{a.profile.title}</bdi> – <bdi>{b.profile.title}</bdi></h1>
      {match ? (
        <section class="card stack" aria-labelledby="why">
          <h2 id="why">{sayWith("taken.why", { band: <Fit band={match.band} /> })}</h2>
          <Reasons match={match} />
          {match.parts && <Parts parts={match.parts} />}
        </section>
      ) : <p class="m quiet">{say("taken.no_reasons")}</p>}
      <div class="two">
        <Side profile={a.profile as never} spots={asked} n={1} word={say("casework.asking_side")} />
        <Side profile={b.profile as never} evidence={evidence} spots={own} n={2} word={say("casework.answering_side")} />
      </div>
      {a.own && <Ask one={one} other={other} programme={found?.programme ?? "open"} />}
    </>
  );
}
