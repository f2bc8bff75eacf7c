// THE table of what acts state: what each fact is called, how it is asked for and how it is shown.
import type { ComponentChildren } from "preact";
import { type Fact, Facts as List } from "../../parts/facts";
import { Quote } from "../../parts/text";
import { profileAddress, Way } from "../../parts/way";
import { dayText } from "../../words/dates";
import { list, number, say } from "../../words/say";
import { type Facts, useWords, type Words } from "./model";

export type Kind =
  | "text" | "line" | "number" | "count" | "day" | "code" | "codes" | "currency" | "desk" | "profile" | "profiles" | "either"
  | "scores" | "comments" | "marks" | "choices";

export interface FactRow {
  word: string;
  kind: Kind;
  list?: string; // of codes
  hint?: string;
}

export const FACTS: Record<string, FactRow> = {
  cooperation: { word: "column.cooperation", kind: "code", list: "cooperation" },
  missing: { word: "casework.missing", kind: "text", hint: "casework.missing_hint" },
  about_us: { word: "casework.about_us", kind: "text", hint: "casework.about_us_hint" },
  found: { word: "casework.found", kind: "code", list: "found" },
  tier: { word: "casework.tier", kind: "line" },
  amount: { word: "column.amount", kind: "number" },
  currency: { word: "column.currency", kind: "currency", hint: "casework.currency_hint" },
  instrument: { word: "column.instrument", kind: "code", list: "cooperation" },
  jobs: { word: "casework.jobs", kind: "count" },
  sdg: { word: "column.sdgs", kind: "code", list: "sdg" },
  scores: { word: "column.score", kind: "scores" },
  comments: { word: "casework.comments", kind: "comments" },
  valid_until: { word: "column.valid_until", kind: "day" },
  desk: { word: "column.desk", kind: "desk" },
  plan: { word: "casework.plan", kind: "text" },
  outcome: { word: "casework.outcome", kind: "text" },
  starts: { word: "casework.starts", kind: "day" },
  ends: { word: "casework.ends", kind: "day" },
  implementer: { word: "casework.implementer", kind: "profile" },
  adviser: { word: "casework.adviser", kind: "profile" },
  mentor: { word: "casework.mentor", kind: "profile" },
  investor: { word: "casework.investor", kind: "profile" },
  ticket_min: { word: "casework.ticket_min", kind: "number" },
  ticket_max: { word: "casework.ticket_max", kind: "number" },
  instruments: { word: "column.instruments", kind: "codes", list: "cooperation" },
  marks: { word: "column.points", kind: "marks", hint: "casework.marks_hint" },
  duration_months: { word: "casework.months", kind: "count" },
  staff_hours: { word: "casework.hours", kind: "count" },
  know_how: { word: "casework.know_how", kind: "text" },
  draw: { word: "casework.draw", kind: "line" },
  seat: { word: "column.seat", kind: "profile" },
  alternates: { word: "casework.alternates", kind: "profiles", hint: "casework.one_a_line" },
  survivor: { word: "casework.survivor", kind: "either" },
  keep: { word: "casework.kept_words", kind: "choices" },
};

export const factWord = (fact: string): string => (FACTS[fact] ? say(FACTS[fact]!.word) : fact);

export const FOUND: Record<string, string> = {
  list: "casework.found_list", run: "casework.found_run", alert: "casework.found_alert", by_hand: "casework.found_by_hand",
};
export const codeWord = (row: FactRow, code: string, words: Words): string =>
  row.list === "found" ? (FOUND[code] ? say(FOUND[code]!) : code) : words.term(row.list ?? "", code);

const REVIEW = "review"; // whose words the case lists have
const sum = (scores: Record<string, number>) => Object.values(scores).reduce((all, one) => all + one, 0);

type Show = (value: never, row: FactRow, words: Words) => ComponentChildren;
const profile = (id: string) => <Way href={profileAddress(id)}><span class="id">{id}</span></Way>;
const SHOWN: Record<Kind, Show> = {
  text: (value: string) => <Quote text={value} />,
  line: (value: string) => <bdi>{value}</bdi>,
  number: (value: number) => number(value),
  count: (value: number) => number(value),
  day: (value: string) => dayText(value),
  code: (value: string, row, words) => codeWord(row, value, words),
  codes: (value: string[], row, words) => list(value.map((code) => codeWord(row, code, words))),
  currency: (value: string) => <bdi>{value}</bdi>,
  desk: (value: string) => <bdi>{value}</bdi>,
  profile,
  either: profile,
  profiles: (value: string[]) => value.map((id) => <span key={id}>{profile(id)} </span>),
  scores: (value: Record<string, number>, _, words) => (
    <>{say("casework.score_of", { n: sum(value) })} <span class="quiet">{list(Object.entries(value).map(([name, points]) => `${words.term(REVIEW + ".criterion", name)}: ${points}`))}</span></>
  ),
  comments: (value: { member?: string; text: string }[]) =>
    value.map((one, i) => <Quote key={i} text={one.text}>{one.member && <> — <cite class="id">{one.member}</cite></>}</Quote>),
  marks: (value: { criterion: string; points: number }[]) => list(value.map((mark) => `${mark.criterion}: ${mark.points}`)),
  choices: (value: { member: string; keep: string }[]) => list(value.map((one) => `${one.member}: ${one.keep}`)),
};

const isStated = (value: unknown) => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && !value.length);

// Money is one thing, though it is said in two facts.
export function Stated({ facts, wanted = [] }: { facts: Facts; wanted?: string[] }) {
  const words = useWords();
  const names = [...new Set([...wanted, ...Object.keys(facts)])].filter((name) => FACTS[name] && !(name === "currency" && isStated(facts.amount)));
  const rows: Fact[] = names.map((name) => {
    const row = FACTS[name]!, value = facts[name];
    const shown = isStated(value) ? SHOWN[row.kind](value as never, row, words) : null;
    return { name: say(row.word), wanted: wanted.includes(name), value: name === "amount" && shown && facts.currency ? <>{shown} <bdi>{String(facts.currency)}</bdi></> : shown };
  });
  return rows.length ? <List facts={rows} /> : null;
}
