// THE table of a profile's fields as the form asks for them: where each stands, how it is written, what it is called.
export type Kind =
  | "line" | "long" | "email" | "codes" | "whole" | "day" | "yesno"
  | "choice" | "several" | "country" | "places" | "sectors" | "office" | "programmes" | "money" | "entries";

export interface FieldRow {
  path: string;
  step: number;
  kind: Kind;
  label: string; // key of its words
  list?: string; // of the closed list that it takes words of
  hint?: string;
  most?: number; // characters, where that is not the most of all
  must?: boolean;
  of?: string; // asked of this kind of profile alone
  officers?: boolean; // asked of officers alone
  parts?: readonly FieldRow[]; // of an entry
}

const PLACE = { step: 0 };

export const FIELDS: readonly FieldRow[] = [
  { path: "kind", step: 1, kind: "choice", label: "column.kind", list: "kind", must: true },
  { path: "title", step: 1, kind: "line", label: "form.name", hint: "form.name_hint", must: true },
  { path: "country", step: 1, kind: "country", label: "column.country", must: true },
  { path: "roles", step: 1, kind: "several", label: "column.roles", list: "role" },
  { path: "gender", step: 1, kind: "choice", label: "column.gender", list: "gender", of: "expert" },
  { path: "countries_of_activity", step: 1, kind: "places", label: "column.countries_of_activity" },
  { path: "organisation.legal_name", step: 1, kind: "line", label: "column.legal_name", hint: "form.private_hint" },
  { path: "organisation.type", step: 1, kind: "choice", label: "column.type", list: "organisation_type" },
  { path: "organisation.size", step: 1, kind: "choice", label: "column.size", list: "size" },
  { path: "organisation.founded", step: 1, kind: "whole", label: "column.founded" },
  { path: "organisation.employees", step: 1, kind: "whole", label: "column.employees" },
  { path: "organisation.women_owned", step: 1, kind: "yesno", label: "column.women_owned" },
  { path: "organisation.women_led", step: 1, kind: "yesno", label: "column.women_led" },
  { path: "organisation.languages", step: 1, kind: "several", label: "column.languages", list: "language" },
  { path: "organisation.identifiers", step: 1, kind: "entries", label: "column.identifiers", hint: "form.identifiers_hint", parts: [
    { ...PLACE, path: "scheme", kind: "line", label: "column.scheme" }, { ...PLACE, path: "id", kind: "line", label: "column.number" }] },
  { path: "lang", step: 2, kind: "choice", label: "form.written_in", list: "language", hint: "form.written_in_hint" },
  { path: "summary", step: 2, kind: "long", label: "form.summary", hint: "form.summary_hint" },
  { path: "seeks", step: 2, kind: "long", label: "form.seeks", hint: "form.text_hint" },
  { path: "offers", step: 2, kind: "long", label: "form.offers", hint: "form.text_hint" },
  { path: "cooperation", step: 2, kind: "several", label: "column.cooperation", list: "cooperation" },
  { path: "finance.sought", step: 2, kind: "money", label: "form.money_sought" },
  { path: "finance.offered", step: 2, kind: "money", label: "form.money_offered" },
  { path: "sectors", step: 2, kind: "sectors", label: "column.sectors" },
  { path: "technologies", step: 2, kind: "several", label: "column.technologies", list: "technology" },
  { path: "themes", step: 2, kind: "several", label: "column.themes", list: "theme" },
  { path: "sdgs", step: 2, kind: "several", label: "column.sdgs", list: "sdg" },
  { path: "products", step: 2, kind: "codes", label: "column.products", hint: "form.products_hint" },
  { path: "stage", step: 2, kind: "choice", label: "column.stage", list: "stage" },
  { path: "trl", step: 2, kind: "whole", label: "column.trl", hint: "form.trl_hint" },
  { path: "ipr", step: 2, kind: "choice", label: "column.ipr", list: "ipr" },
  { path: "references", step: 2, kind: "entries", label: "column.references", hint: "form.references_hint", parts: [
    { ...PLACE, path: "title", kind: "line", label: "column.title" }, { ...PLACE, path: "text", kind: "long", label: "column.text" },
    { ...PLACE, path: "country", kind: "country", label: "column.country" }, { ...PLACE, path: "year", kind: "whole", label: "column.year" }] },
  { path: "partner.countries", step: 3, kind: "places", label: "column.countries", hint: "form.empty_asks_nothing" },
  { path: "partner.exclude_countries", step: 3, kind: "places", label: "column.exclude_countries" },
  { path: "partner.kinds", step: 3, kind: "several", label: "column.kinds", list: "kind" },
  { path: "partner.roles", step: 3, kind: "several", label: "column.roles", list: "role" },
  { path: "partner.sizes", step: 3, kind: "several", label: "column.sizes", list: "size" },
  { path: "partner.languages", step: 3, kind: "several", label: "column.languages", list: "language" },
  { path: "partner.sectors", step: 3, kind: "sectors", label: "column.sectors" },
  { path: "capacity", step: 3, kind: "whole", label: "column.capacity", hint: "form.capacity_hint" },
  { path: "programmes", step: 3, kind: "programmes", label: "column.programmes", officers: true },
  { path: "office", step: 3, kind: "office", label: "column.office", hint: "form.office_hint", officers: true },
  { path: "valid_until", step: 3, kind: "day", label: "column.valid_until" },
  { path: "contact.person", step: 4, kind: "line", label: "column.person" },
  { path: "contact.email", step: 4, kind: "email", label: "column.email" },
  { path: "contact.phone", step: 4, kind: "line", label: "column.phone" },
  { path: "contact.website", step: 4, kind: "line", label: "column.website" },
  { path: "contact.address", step: 4, kind: "long", most: 2_000, label: "column.address" },
];

export const STEPS = ["form.step_who", "form.step_what", "form.step_conditions", "form.step_contact"];

// The field that a member's path leads to: `partner.sizes[0]` to `partner.sizes`, `partner` to its first.
export function fieldOf(member: string): FieldRow | undefined {
  const bare = member.replace(/\[.*/, "");
  return FIELDS.find((row) => row.path === bare) ?? FIELDS.find((row) => bare.startsWith(row.path + ".")) ??
    FIELDS.find((row) => row.path.startsWith(bare + "."));
}

export const fieldId = (path: string) => "f-" + path.replace(".", "-");
