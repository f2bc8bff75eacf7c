// What each member of a profile is called, and how a value of it is written for a reader.
import { useCountries, useSectors, useTerms } from "../../words/names";
import { list, number, say } from "../../words/say";

// Name, and the closed list that it takes words of.
const MEMBERS: Record<string, [string, string?]> = {
  kind: ["column.kind", "kind"], title: ["column.title"], gender: ["column.gender", "gender"], summary: ["column.summary"],
  offers: ["column.offers"], seeks: ["column.seeks"], lang: ["column.lang", "language"], country: ["column.country", "place"],
  countries_of_activity: ["column.countries_of_activity", "place"], roles: ["column.roles", "role"], type: ["column.type", "organisation_type"],
  size: ["column.size", "size"], founded: ["column.founded", "year"], employees: ["column.employees"], women_owned: ["column.women_owned"],
  women_led: ["column.women_led"], languages: ["column.languages", "language"], identifiers: ["column.identifiers"],
  legal_name: ["column.legal_name"], scheme: ["column.scheme"], sectors: ["column.sectors", "sector"], sector: ["column.sector", "sector"],
  products: ["column.products"], technologies: ["column.technologies", "technology"], themes: ["column.themes", "theme"], sdgs: ["column.sdgs", "sdg"],
  cooperation: ["column.cooperation", "cooperation"], stage: ["column.stage", "stage"], trl: ["column.trl"], ipr: ["column.ipr", "ipr"],
  offered: ["column.offered"], sought: ["column.sought"], min: ["column.min"], max: ["column.max"], currency: ["column.currency"],
  instruments: ["column.instruments", "cooperation"], references: ["column.references"], text: ["column.text"], year: ["column.year", "year"],
  partner: ["column.partner"], organisation: ["column.organisation"], finance: ["column.finance"], contact: ["column.contact"],
  countries: ["column.countries", "place"], exclude_countries: ["column.exclude_countries", "place"], country_groups: ["column.country_groups", "place"],
  kinds: ["column.kinds", "kind"], sizes: ["column.sizes", "size"], capacity: ["column.capacity"], programmes: ["column.programmes"],
  office: ["column.office"], valid_until: ["column.valid_until"], person: ["column.person"], email: ["column.email"], phone: ["column.phone"],
  website: ["column.website"], address: ["column.address"], id: ["column.id"],
};

// `references[0].text`: "References 1: Text".
export function memberName(path: string): string {
  return path.split(".").map((part) => {
    const [, name = part, index] = part.match(/^(\w+)\[(\d+)\]$/) ?? [];
    const word = MEMBERS[name] ? say(MEMBERS[name]![0]) : name;
    return index === undefined ? word : word + " " + number(Number(index) + 1);
  }).join(": ");
}

const listOf = (path: string) => MEMBERS[path.replace(/\[\d+\]/g, "").split(".").at(-1) ?? ""]?.[1];

// One code or text of a member, in the reader's words.
export function useWordOf(): (path: string, value: string) => string {
  const terms = useTerms(), sectors = useSectors(), places = useCountries();
  return (path, value) => {
    const name = listOf(path);
    if (value === "true" || value === "false") return say(value === "true" ? "version.yes" : "version.no");
    if (name === "place") return places?.countries[value] ?? places?.groups[value] ?? value;
    if (name === "sector") return sectors?.[value] ?? value;
    return (name && terms?.[name]?.[value]) ?? value;
  };
}

// A whole value: lists with commas, entries with their parts.
export function useValueOf(): (path: string, value: unknown) => string {
  const word = useWordOf();
  return function shown(path, value): string {
    if (Array.isArray(value)) return list(value.map((one) => shown(path, one)));
    if (typeof value === "object" && value !== null)
      return list(Object.entries(value).map(([name, one]) => memberName(name) + ": " + shown(name, one)));
    if (typeof value === "number") return listOf(path) === "year" ? String(value) : number(value);
    return word(path, String(value));
  };
}
