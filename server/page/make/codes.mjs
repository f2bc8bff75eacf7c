// Names of what the server gives as codes, from the same lists: countries with their groups, and the closed word lists.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// UNDER the code: rows as {column: value}.
function rows(file) {
  const [head, ...lines] = readFileSync(file, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
  const names = head.split("\t");
  return lines.map((line) => Object.fromEntries(line.split("\t").map((value, i) => [names[i], value])));
}

const SHOWN_GROUPS = ["LDC", "LLDC", "SIDS"];

const named = (list, language) => Object.fromEntries(list.map((row) => [row.code, row[language] || row.en]));

const caseFiles = (datasets) => readdirSync(join(datasets, "words")).filter((name) => /^(cases|consultations|answers)/.test(name)).sort();
const CASE_LISTS = ["kind", "state", "act", "reason", "cause", "criterion", "mark"];

// The files that are read, so that the build knows when to run again.
export const sources = (datasets) =>
  ["countries", "country_groups", "themes", "technologies", "sdgs", "organisation_types", "isic4"].map((name) => join(datasets, "taxonomy", name + ".tsv"))
    .concat(["vocabulary.toml", ...caseFiles(datasets)].map((name) => join(datasets, "words", name)));

// {countries: {KE: "Kenya"}, groups: {LDC: ...}, marks: {SN: ["LDC"]}}
export function countries(datasets, language) {
  const all = rows(join(datasets, "taxonomy", "countries.tsv"));
  const marks = {};
  for (const row of all) {
    const shown = SHOWN_GROUPS.filter((group) => row.groups.split(";").includes(group));
    if (shown.length) marks[row.code] = shown;
  }
  return { countries: named(all, language), groups: named(rows(join(datasets, "taxonomy", "country_groups.tsv")), language), marks };
}

// {role: {technology_supplier: ...}, theme: ..., sdg: ...}
export function terms(datasets, language, parseToml) {
  const lists = {};
  const vocabulary = parseToml(readFileSync(join(datasets, "words", "vocabulary.toml"), "utf8"));
  for (const [list, words] of Object.entries(vocabulary))
    lists[list] = Object.fromEntries(Object.entries(words).map(([code, texts]) => [code, texts[language]]));
  lists.theme = named(rows(join(datasets, "taxonomy", "themes.tsv")), language);
  lists.technology = named(rows(join(datasets, "taxonomy", "technologies.tsv")), language);
  lists.organisation_type = named(rows(join(datasets, "taxonomy", "organisation_types.tsv")), language);
  lists.sdg = named(rows(join(datasets, "taxonomy", "sdgs.tsv")).filter((row) => !row.parent), language);
  return lists;
}

// {C2819: "Manufacture of other general-purpose machinery"}; in English where the list has no other.
export function sectors(datasets, language) {
  return Object.fromEntries(rows(join(datasets, "taxonomy", "isic4.tsv")).map((row) => [row.code, row[language] || row.en]));
}

// {"interest.state": {sent: ...}, "interest.act": ..., "change.kind": ...}: what cases and runs give as codes.
export function caseTerms(datasets, language, parseToml) {
  const lists = {};
  for (const file of caseFiles(datasets))
    for (const [thing, tables] of Object.entries(parseToml(readFileSync(join(datasets, "words", file), "utf8"))))
      for (const name of CASE_LISTS)
        for (const [code, texts] of Object.entries(tables[name] ?? {}))
          if (typeof texts[language] === "string" && !texts[language].includes("{")) (lists[thing + "." + name] ??= {})[code] = texts[language];
  return lists;
}
