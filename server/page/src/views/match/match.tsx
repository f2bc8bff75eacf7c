// Two profiles side by side: how well they fit and why, on both sides; what speaks against it; what would change it.
import { useAnswer } from "../../api/answer";
import { get, type Profile, type Result } from "../../api/client";
import { Fit } from "../../parts/fit";
import { inWords } from "../../parts/in_words";
import { type Evidence, Parts } from "../../parts/reasons";
import { Answered, Trouble } from "../../parts/states";
import { isThere, go, withQuery } from "../../shell/place";
import { useTitle } from "../../shell/arrive";
import { useMe } from "../../shell/me";
import { language, say } from "../../words/say";
import type { ViewProps } from "../../views";
import { newCaseAddress, profileAddress } from "../../parts/way";
import { Brief } from "./brief";
import { Conditions, Standing, WhatIfs } from "./standing";
import { Side, type Spot } from "./side";

export type Explanation = Result<"get", "/v1/explain">;

// What one view of two profiles takes: the pair from both sides, and both profiles.
export interface Pair {
  there: Explanation; // of b among a's matches
  back: Explanation; // of a among b's
  a: Profile;
  b: Profile;
}

// Where a side speaks for the match: its own passage, and the sentence that the other side's passage answers. Each passage and
// what it answers have one number.
function spotsOf(own: Evidence | undefined, others: Evidence | undefined, n: number, m: number): Spot[] {
  const spots: Spot[] = [];
  if (own && own.member !== "references") spots.push({ n, member: own.member, offset: own.offset, length: own.length });
  if (others?.asked) spots.push({ n: m, member: others.asked.member, offset: others.asked.offset, length: others.asked.length });
  return spots;
}

function usePair(a: string, b: string, programme: string) {
  return useAnswer<Pair>(`pair ${a} ${b} ${programme}`, async (signal) => {
    const explain = (one: string, other: string) => get("/v1/explain", { query: { a: one, b: other, programme }, signal });
    const read = (id: string) => get("/v1/profiles/{id}", { path: { id }, signal });
    const [there, back, one, other] = await Promise.all([explain(a, b), explain(b, a), read(a), read(b)]);
    return { data: { there: there.data, back: back.data, a: one.data as Profile, b: other.data as Profile }, etag: null, when: there.when };
  });
}

function Head({ pair, programme }: { pair: Pair; programme: string }) {
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  // Who asks is the side of the reader's own office; where both or none are, the one that was looked from.
  const office = useMe()?.office;
  const [one, other] = office && office === pair.b.office && office !== pair.a.office ? [pair.b, pair.a] : [pair.a, pair.b];
  const ask = newCaseAddress("interest", one.id, other.id, programme);
  const compare = "/compare?" + new URLSearchParams([["for", pair.a.id], ["id", pair.b.id]]);
  return (
    <>
      <nav class="m" aria-label={say("match.where")}>
        <a href={profileAddress(pair.a.id) + "/matches"}><bdi>{pair.a.title}</bdi></a> › {say("term.side_by_side")}
      </nav>
      <header class="row apart top">
        <div class="grow stack-s">
          <h1><bdi>{pair.a.title}</bdi> – <bdi>{pair.b.title}</bdi></h1>
          <div class="row m">
            <label class="quiet" for="programme">{say("match.under")}</label>
            <select class="input" id="programme" value={programme}
              onChange={(event) => go(withQuery({ programme: event.currentTarget.value === "open" ? null : event.currentTarget.value }))}>
              {(programmes.length ? programmes : [{ slug: programme, name: programme }]).map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
            </select>
          </div>
        </div>
        <div class="row noprint">
          {isThere(compare) && <a class="button" href={compare}>{say("term.compare")}</a>}
          <button type="button" class="button" onClick={() => print()}>{say("part.print")}</button>
          {isThere(ask) && pair.there.matched && <a class="button main" href={ask}>{say("term.ask_for_an_introduction")}</a>}
        </div>
      </header>
    </>
  );
}

function Why({ pair }: { pair: Pair }) {
  return (
    <section class="card stack-s" aria-labelledby="why">
      <div class="row apart"><h2 id="why">{say("term.why")}</h2>{pair.there.band && <Fit band={pair.there.band} />}</div>
      {pair.there.reasons.length > 0 && <ul class="m plain">{pair.there.reasons.map((reason) => <li key={reason} dir="auto">{inWords(reason)}</li>)}</ul>}
      <Parts parts={pair.there.parts} />
    </section>
  );
}

export default function Match({ place }: ViewProps) {
  const a = place.params.a!, b = place.params.b!;
  const programme = place.query.get("programme") ?? "open";
  language.use();
  const shown = usePair(a, b, programme);
  useTitle(shown.data ? say("match.title", { a: shown.data.a.title, b: shown.data.b.title }) : say("term.side_by_side"));
  if (shown.problem?.trouble === "refused") return <><h1 class="hidden">{say("term.side_by_side")}</h1><Trouble problem={shown.problem} /></>;
  return (
    <>
      {!shown.data && <h1 class="hidden">{say("term.side_by_side")}</h1>}
      <Answered shown={shown} wait={say("match.comparing")}>
        {(pair) => (
          <>
            <Head pair={pair} programme={programme} />
            <Standing pair={pair} />
            <div class="two">
              <Side profile={pair.a} evidence={pair.back.evidence} spots={spotsOf(pair.back.evidence, pair.there.evidence, 2, 1)} n={2} word={say("match.asks")} />
              <Side profile={pair.b} evidence={pair.there.evidence} spots={spotsOf(pair.there.evidence, pair.back.evidence, 1, 2)} n={1} word={say("term.counterpart")} />
            </div>
            <div class="two top">
              <Why pair={pair} />
              <div class="stack">
                <Conditions pair={pair} />
                <WhatIfs pair={pair} />
                <Brief country={pair.b.country} />
              </div>
            </div>
            <p class="notice"><span>{say("match.locked")}</span></p>
          </>
        )}
      </Answered>
    </>
  );
}
