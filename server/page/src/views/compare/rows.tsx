// THE table of what is compared, row by row. `value` tells whether two are the same in it; `shown` is what is read.
import type { ComponentChildren } from "preact";
import type { Profile, Schemas } from "../../api/client";
import { Fit } from "../../parts/fit";
import { inWords } from "../../parts/in_words";
import { Quote } from "../../parts/text";
import { withNames } from "../../parts/texts";
import { Day } from "../../words/dates";
import { Country, usePlaceName, useSectors, useTerms } from "../../words/names";
import { list, number, say } from "../../words/say";
import type { Candidate, Compared } from "./compare";

export interface Cell {
  value: string;
  shown: ComponentChildren; // null: not stated
}

export interface Row {
  key: string;
  name: string;
  cells: Cell[];
}

type Told = string | undefined | null | { value: string; shown: ComponentChildren };

const cellOf = (told: Told): Cell =>
  typeof told === "object" && told !== null ? told : { value: told ?? "", shown: told ? <span dir="auto">{told}</span> : null };

const languagesOf = (profile: Profile): string[] => [...new Set([...(profile.organisation?.languages ?? []), ...(profile.lang ? [profile.lang] : [])])];

function moneyText(money: Schemas["Finance"] | undefined, instrument: (code: string) => string): string {
  if (!money) return "";
  const { min, max, currency = "", instruments = [] } = money;
  const range = min !== undefined && max !== undefined ? `${number(min)}–${number(max)}`
    : min !== undefined ? say("compare.from", { amount: number(min) }) : max !== undefined ? say("compare.up_to", { amount: number(max) }) : "";
  return [range && `${range} ${currency}`, list(instruments.map(instrument))].filter(Boolean).join(" · ");
}

const SHORT = 220;
const short = (text: string) => (text.length > SHORT ? text.slice(0, text.lastIndexOf(" ", SHORT)) + " …" : text);

// A text; the passage of it that speaks for the match is marked.
function textCell(text: string | undefined, lang: string | undefined, passage = ""): Told {
  if (!text) return null;
  const wanted = passage.replace(/\s*…$/, ""), at = wanted ? text.indexOf(wanted) : -1;
  if (at < 0) return { value: text, shown: <Quote text={short(text)} lang={lang} /> };
  return { value: text, shown: <blockquote class="quote" lang={lang} dir="auto">{at > 0 && "… "}<mark>{wanted}</mark>{at + wanted.length < text.length && " …"}</blockquote> };
}

const QUOTED = ["offers", "seeks"]; // texts that have a row of their own
const passageOf = (fit: Candidate["fit"], member: string) => (fit?.evidence?.member === member ? fit.evidence.text : undefined);

function FitCell({ candidate }: { candidate: Candidate }) {
  if (!candidate.fit) return <span class="quiet" dir="auto">{candidate.profile ? candidate.why : "–"}</span>;
  return candidate.fit.matched ? <Fit band={candidate.fit.band ?? "unstated"} /> : <span class="badge bad">{say("compare.kept_apart")}</span>;
}

function Against({ candidate, titles }: { candidate: Candidate; titles: Record<string, string> }) {
  const fit = candidate.fit!;
  const unmet = fit.verdicts.filter((verdict) => !verdict.met);
  const open = fit.parts.filter((part) => part.counted && !part.known).map((part) => part.name);
  return (
    <ul class="stack-s">
      {unmet.map((verdict) => <li key={verdict.owner + verdict.condition} class="unmet" dir="auto">{withNames(verdict.condition, titles)}</li>)}
      {unmet.length === 0 && <li class="met">{say("compare.all_met")}</li>}
      {open.length > 0 && <li class="open"><span class="quiet">{say("compare.open", { n: open.length })}</span></li>}
    </ul>
  );
}

interface Times {
  hours: number | null;
  note?: string;
}

// How fast each office answers, of the whole time that the report tells of.
export type Speed = Record<string, Times>;

export function useRows({ asker, candidates }: Compared, speed: Speed): Row[] {
  const terms = useTerms(), sectors = useSectors(), placeName = usePlaceName();
  const words = (name: string, codes: readonly string[] = []) => list(codes.map((code) => terms?.[name]?.[code] ?? code));
  const instrument = (code: string) => terms?.cooperation?.[code] ?? code;
  const titles = Object.fromEntries([asker, ...candidates.map((one) => one.profile)].filter((one) => one !== null).map((one) => [one.id, one.title]));
  const row = (key: string, name: string, of: (profile: Profile, candidate: Candidate) => Told): Row =>
    ({ key, name, cells: candidates.map((one) => cellOf(one.profile ? of(one.profile, one) : null)) });
  const placeText = (rank: number | undefined) => (rank === undefined ? "–" : number(rank));
  const pair: Row[] = asker ? [
    { key: "fit", name: say("compare.fit"), cells: candidates.map((one) => ({ value: "always " + one.id, shown: <FitCell candidate={one} /> })) },
    row("places", say("compare.places"), (_, { fit }) => (fit ? `${placeText(fit.rank)} · ${placeText(fit.place)}` : null)),
    row("reasons", say("term.why"), (_, { fit }) => (fit?.reasons.length
      ? { value: fit.reasons.join("\n"), shown: <ul class="plain">{fit.reasons.map((reason) => <li key={reason} dir="auto">{inWords(reason)}</li>)}</ul> } : null)),
    row("evidence", say("term.evidence"), (_, { fit }) => (fit?.evidence && !QUOTED.includes(fit.evidence.member) ? textCell(fit.evidence.text, fit.evidence.lang) : null)),
    row("against", say("term.what_speaks_against_it"), (_, one) => (one.fit ? {
      value: [...one.fit.verdicts.filter((verdict) => !verdict.met).map((verdict) => verdict.condition), one.fit.parts.filter((part) => part.counted && !part.known).length].join("\n"),
      shown: <Against candidate={one} titles={titles} /> } : null)),
    row("common", say("compare.common_language"), (profile) => {
      const common = languagesOf(profile).filter((code) => languagesOf(asker).includes(code));
      return common.length ? words("language", common) : { value: "", shown: <span class="quiet">{say("compare.none")}</span> };
    }),
  ] : [];
  const stated: Row[] = [
    row("country", say("column.country"), (profile) => ({ value: profile.country, shown: <Country code={profile.country} /> })),
    row("kind", say("column.kind"), (profile) => words("kind", [profile.kind])),
    row("roles", say("column.roles"), (profile) => words("role", profile.roles)),
    row("offers", say("column.offers"), (profile, { fit }) => textCell(profile.offers, profile.lang, passageOf(fit, "offers"))),
    row("seeks", say("column.seeks"), (profile, { fit }) => textCell(profile.seeks, profile.lang, passageOf(fit, "seeks"))),
    row("sectors", say("column.sectors"), (profile) => list((profile.sectors ?? []).map((code) => sectors?.[code] ?? code))),
    row("technologies", say("column.technologies"), (profile) => words("technology", profile.technologies)),
    row("themes", say("column.themes"), (profile) => words("theme", profile.themes)),
    row("sdgs", say("column.sdgs"), (profile) => list((profile.sdgs ?? []).map((code) => [code, terms?.sdg?.[code]].filter(Boolean).join(" ")))),
    row("cooperation", say("column.cooperation"), (profile) => words("cooperation", profile.cooperation)),
    row("offered", say("compare.money_offered"), (profile) => moneyText(profile.finance?.offered, instrument)),
    row("sought", say("compare.money_sought"), (profile) => moneyText(profile.finance?.sought, instrument)),
    row("stage", say("column.stage"), (profile) => profile.stage && words("stage", [profile.stage])),
    row("trl", say("column.trl"), (profile) => (profile.trl ? number(profile.trl) : null)),
    row("size", say("column.size"), (profile) => profile.organisation?.size && words("size", [profile.organisation.size])),
    row("women_led", say("column.women_led"), ({ organisation }) => (organisation?.women_led === undefined ? null : say(organisation.women_led ? "compare.yes" : "compare.no"))),
    row("languages", say("column.languages"), (profile) => words("language", languagesOf(profile))),
    row("activity", say("column.countries_of_activity"), (profile) => list((profile.countries_of_activity ?? []).map(placeName))),
    row("references", say("column.references"), (profile) => (profile.references?.length ? number(profile.references.length) : null)),
    row("until", say("column.valid_until"), (profile) => (profile.valid_until ? { value: profile.valid_until, shown: <Day when={profile.valid_until} /> } : null)),
    row("office", say("column.office"), (profile) => (profile.office ? { value: profile.office, shown: <bdi>{profile.office}</bdi> } : null)),
    row("speed", say("compare.speed"), (profile) => {
      const times = profile.office ? speed[profile.office] : undefined;
      if (!times) return null;
      return times.hours === null ? { value: "", shown: <span class="quiet" dir="auto">{times.note}</span> } : say("compare.hours", { n: Math.round(times.hours * 10) / 10 });
    }),
  ];
  return [...pair, ...stated];
}

export const differs = (row: Row): boolean => row.key === "fit" || new Set(row.cells.map((cell) => cell.value)).size > 1;
export const isStated = (row: Row): boolean => row.cells.some((cell) => cell.shown !== null);
