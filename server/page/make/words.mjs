// The page's words: datasets/words/page*.toml, ICU messages, into one small script a catalogue and language.
//
// A message without arguments stays a string; another one becomes a function of its arguments, ready for reading, and of
// the choosers `p` (plural) and `s` (select): src/words/say.ts calls it.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const LANGUAGES = ["en", "fr", "es", "ar", "zh", "ru"];

const ORDER = ["=0", "=1", "=2", "zero", "one", "two", "few", "many", "other"];
const quoted = (text) => text.replace(/[\\`]|\$\{/g, "\\$&");

function compiled(tokens, around) {
  return tokens.map((token) => {
    if (token.type === "content") return quoted(token.value);
    if (token.type === "argument") return "${a." + token.arg + "}";
    if (token.type === "octothorpe") return "${a." + around + "}";
    if (token.type !== "plural" && token.type !== "select") throw new Error(`${token.type} is no form of this catalogue`);
    const inner = token.type === "plural" ? token.arg : around;
    const cases = [...token.cases].sort((one, two) => ORDER.indexOf(one.key) - ORDER.indexOf(two.key));
    const forms = cases.map((one) => JSON.stringify(one.key.replace("=", "")) + ":`" + compiled(one.tokens, inner) + "`");
    return "${" + token.type[0] + "(" + JSON.stringify(token.arg) + ",{" + forms.join() + "})}";
  }).join("");
}

function checkPlurals(tokens, language, place) {
  const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const token of tokens) {
    if (!token.cases) continue;
    if (token.type === "plural") {
      const given = token.cases.map((one) => one.key).filter((key) => !key.startsWith("="));
      if ([...given].sort().join() !== [...wanted].sort().join())
        throw new Error(`${place}: plural has ${given.join(", ")}; ${language} has ${wanted.join(", ")}`);
    }
    for (const one of token.cases) checkPlurals(one.tokens, language, place);
  }
}

const isMessage = (table) => Object.values(table).some((value) => typeof value === "string");

function* messages(table, path = []) {
  for (const [name, below] of Object.entries(table)) {
    if (isMessage(below)) yield [[...path, name].join("."), below];
    else yield* messages(below, [...path, name]);
  }
}

// Catalogues of the whole product from which the page borrows: the words of one thing are the same everywhere.
export const LENDING = ["terms.toml", "columns.toml"];

// All catalogues by name: {page: Map(key -> {en: ..}), page_search: ..., terms: ...}. The page's keys are without their first
// part, which is `page`.
export function readCatalogues(directory, { parseToml, parseMessage }) {
  const catalogues = new Map();
  const stands = new Map();
  const own = readdirSync(directory).filter((name) => /^page(_[a-z_]+)?\.toml$/.test(name)).sort();
  for (const file of [...own, ...LENDING]) {
    const keys = new Map();
    for (const [path, texts] of messages(parseToml(readFileSync(join(directory, file), "utf8")))) {
      const place = `${file}: ${path}`;
      if (!LENDING.includes(file) && !path.startsWith("page.")) throw new Error(`${place}: keys of the page begin with page.`);
      const missing = LANGUAGES.filter((language) => !texts[language]);
      if (missing.length) throw new Error(`${place}: no text in ${missing.join(", ")}`);
      const key = path.startsWith("page.") ? path.slice("page.".length) : path;
      if (stands.has(key)) throw new Error(`${place} stands in ${stands.get(key)} already`);
      stands.set(key, file);
      const parsed = {};
      for (const language of LANGUAGES) {
        parsed[language] = parseMessage(texts[language], { strict: true });
        checkPlurals(parsed[language], language, place);
      }
      keys.set(key, parsed);
    }
    catalogues.set(file.replace(".toml", ""), keys);
  }
  return catalogues;
}

export function scriptOf(keys, language) {
  const entries = [...keys].map(([key, parsed]) => {
    const tokens = parsed[language];
    const plain = tokens.every((token) => token.type === "content");
    return JSON.stringify(key) + ":" + (plain ? JSON.stringify(tokens.map((token) => token.value).join("")) : "(a,p,s)=>`" + compiled(tokens) + "`");
  });
  return `export default{${entries.join(",\n")}}\n`;
}

// Every string in the sources that looks like a key must be one, and every key must be written in some source: a word that is
// missing stops the build, and one that nobody says is not carried. A view says words of `page.toml`, of its own catalogues
// and of those that lend.
export class Said {
  constructor(catalogues) {
    this.catalogues = catalogues;
    this.groups = new Set([...catalogues.values()].flatMap((keys) => [...keys.keys()].map((key) => key.split(".")[0])));
    this.said = new Map();
  }

  read(file, text) {
    for (const [, key] of text.matchAll(/["']([a-z_]+(?:\.[a-z0-9_]+)+)["']/g)) {
      if (!this.groups.has(key.split(".")[0])) continue;
      if (!this.said.has(key)) this.said.set(key, new Set());
      this.said.get(key).add(file);
    }
  }

  // Puts what is borrowed into the first catalogue of whoever says it, and gives what is wrong. `wordsOf`: of a source file,
  // the catalogues that it may say words of.
  settle(wordsOf) {
    const found = [];
    const home = new Map();
    const lending = LENDING.map((file) => file.replace(".toml", ""));
    for (const [name, keys] of this.catalogues) for (const key of keys.keys()) home.set(key, name);
    for (const [key, files] of this.said)
      for (const file of files) {
        const name = home.get(key), allowed = wordsOf(file);
        if (!name) found.push(`${file}: the words have no "${key}"`);
        else if (lending.includes(name)) this.catalogues.get(allowed.at(-1)).set(key, this.catalogues.get(name).get(key));
        else if (!allowed.includes(name)) found.push(`${file}: "${key}" is of ${name}.toml, which is not loaded here`);
      }
    for (const [key, name] of home) if (!lending.includes(name) && !this.said.has(key)) found.push(`${name}.toml: nobody says "${key}"`);
    for (const name of lending) this.catalogues.delete(name);
    return found;
  }
}
