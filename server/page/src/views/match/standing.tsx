// Where each stands with the other, what speaks against it, whose conditions hold, what would change it.
import type { Schemas } from "../../api/client";
import { Fit } from "../../parts/fit";
import { bare, withNames } from "../../parts/texts";
import { number, say, sayWith } from "../../words/say";
import type { Pair } from "./match";

const FIRST = 10;

const titles = (pair: Pair) => ({ [pair.a.id]: pair.a.title, [pair.b.id]: pair.b.title });

function Places({ pair }: { pair: Pair }) {
  const there = pair.there.rank, back = pair.back.rank;
  const names = { a: <bdi>{pair.a.title}</bdi>, b: <bdi>{pair.b.title}</bdi> };
  const told = (rank: number | undefined, one: "a" | "b", other: "a" | "b") =>
    rank === undefined ? sayWith("match.no_place", { one: names[one], other: names[other] })
      : sayWith("match.place", { one: names[one], other: names[other], n: <strong>{number(rank)}</strong> });
  return (
    <>
      {there !== undefined && back !== undefined && there <= FIRST && back <= FIRST && <p><strong>{say("match.each_among_first")}</strong></p>}
      <p class="m">{told(there, "b", "a")}</p>
      <p class="m">{told(back, "a", "b")}</p>
    </>
  );
}

export function Standing({ pair }: { pair: Pair }) {
  const unmet = pair.there.verdicts.filter((verdict) => !verdict.met);
  const open = pair.there.parts.filter((part) => part.counted && !part.known).map((part) => part.name);
  return (
    <section class="card row top" aria-label={say("match.result")}>
      <div class="grow stack-s">
        <p>{pair.there.matched ? <Fit band={pair.there.band ?? "unstated"} /> : <span class="badge bad">{say("match.kept_apart")}</span>}</p>
        <Places pair={pair} />
      </div>
      <div class="grow stack-s">
        <h2 class="label">{say("term.what_speaks_against_it")}</h2>
        {unmet.map((verdict) => <p key={verdict.condition} class="m unmet" dir="auto">{withNames(verdict.condition, titles(pair))}</p>)}
        {unmet.length === 0 && (open.length ? <p class="m" dir="auto">{say("match.open", { what: open.slice(0, 4).join(" · ") })}</p> : <p class="m">{say("match.nothing_against")}</p>)}
      </div>
    </section>
  );
}

type Verdict = Schemas["Verdict"];

// Each side's own conditions stand in the explanation once, whoever asks.
export function Conditions({ pair }: { pair: Pair }) {
  const verdicts: Verdict[] = pair.there.verdicts;
  const names: Record<string, string> = titles(pair);
  return (
    <section class="card stack-s" aria-labelledby="conditions">
      <h2 id="conditions">{say("term.conditions_of_both_sides")}</h2>
      {verdicts.length === 0 && <p class="m quiet">{say("match.no_conditions")}</p>}
      <ul class="m stack-s">
        {verdicts.map((verdict) => (
          <li key={verdict.owner + verdict.condition} class={verdict.met ? "met" : "unmet"}>
            <span class="hidden">{say(verdict.met ? "term.met" : "term.not_met")}: </span>
            <span dir="auto">{withNames(verdict.condition, names)}</span>
            {!names[bare(verdict.owner)] && <> <span class="quiet" dir="auto">({verdict.owner})</span></>}
            <span class="small quiet" dir="auto"> — {withNames(verdict.found, names)}</span>
            {verdict.change && <p class="small quiet" dir="auto">{withNames(verdict.change, names)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function WhatIf({ help, names }: { help: Pair["there"]["would_help"]; names: Record<string, string> }) {
  return (
    <>
      <p class="m" dir="auto">{withNames(help.summary, names)}</p>
      {help.edits.length > 0 && (
        <ul class="m plain">{help.edits.map((edit) => <li key={edit.words}><span dir="auto">{withNames(edit.words, names)}</span> <span class="quiet">{say("match.then_place", { n: edit.rank })}</span></li>)}</ul>
      )}
    </>
  );
}

export function WhatIfs({ pair }: { pair: Pair }) {
  return (
    <section class="card stack-s" aria-labelledby="what-if">
      <h2 id="what-if">{say("term.what_would_change_it")}</h2>
      <WhatIf help={pair.there.would_help} names={titles(pair)} />
      <WhatIf help={pair.back.would_help} names={titles(pair)} />
      <p class="small quiet">{say("match.only_true")}</p>
    </section>
  );
}
