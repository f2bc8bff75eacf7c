// Why two fit, in words: the sentences, the passage they rest on, the parts of the score.
import type { Schemas } from "../api/client";
import { CountryName, Term } from "../words/names";
import { number, say } from "../words/say";
import { Fit } from "./fit";
import { Table } from "./table";
import { Quote } from "./text";

export type Part = Schemas["Part"];
export type Evidence = Schemas["Evidence"];

export const Ref = ({ n }: { n: number }) => <span class="ref"><span class="hidden">{say("part.passage")} </span>{number(n)}</span>;

// What the counterpart says itself. Its number ties it to the reason that rests on it.
export function Passage({ evidence, n }: { evidence: Evidence; n?: number }) {
  const done = evidence.reference;
  return (
    <Quote text={evidence.text} lang={evidence.lang}>
      {n !== undefined && <> <Ref n={n} /></>}
      {done && <> — <cite><bdi>{done.title}</bdi>{done.country && <>, <CountryName code={done.country} /></>}{done.year && <>, {done.year}</>}</cite></>}
      {evidence.lang && <> <span class="badge" lang={document.documentElement.lang}><Term list="language" code={evidence.lang} /></span></>}
    </Quote>
  );
}

// A part's value as a step with a word. Where each step begins: what is expected when nothing is stated is a half.
function bandOf(part: Part): string {
  if (!part.known) return "unstated";
  return part.value >= 0.75 ? "strong" : part.value >= 0.55 ? "good" : part.value >= 0.25 ? "possible" : "weak";
}

const HIDDEN = new Set(["base"]); // where every pair starts says nothing of this one

export function Parts({ parts }: { parts: Part[] }) {
  const shown = parts.filter((part) => part.counted && !HIDDEN.has(part.signal));
  const stated = shown.filter((part) => part.known), open = shown.filter((part) => !part.known);
  return (
    <>
      <ul class="parts">
        {stated.map((part) => (
          <li key={part.signal}>
            <span dir="auto">{part.name}</span>
            <Fit band={bandOf(part)} />
            {part.inferred && <p class="small quiet">{say("part.inferred")}</p>}
          </li>
        ))}
      </ul>
      {open.length > 0 && <p class="small quiet">{say("part.open_parts")} <span dir="auto">{open.map((part) => part.name).join(" · ")}</span></p>}
      <details>
        <summary>{say("part.record")}</summary>
        <Record parts={parts} />
      </details>
    </>
  );
}

const signed = (value: number) => (value < 0 ? "−" : "+") + number(Math.round(Math.abs(value) * 10_000) / 100);

// Every number of a match, for whoever must check it.
export function Record({ parts }: { parts: Part[] }) {
  const rows = parts.filter((part) => part.counted).map((part) => [
    <span dir="auto">{part.name}</span>,
    part.known ? number(Math.round(part.value * 100) / 100) : say("term.not_stated"),
    number(Math.round(part.weight * 100) / 100),
    <bdi>{signed(part.contribution)}</bdi>,
  ]);
  return <Table label={say("part.record")} rows={rows}
    columns={[{ head: say("term.signal") }, { head: say("part.value"), number: true }, { head: say("part.weight"), number: true }, { head: say("part.adds"), number: true }]} />;
}
