// Builds the officers' page: node build.mjs PACKAGES OUT DEPFILE. PACKAGES has the node_modules of package.json.
//
// OUT/page_files.cpp and OUT/page.block go into the program; OUT/assets is the same to look at, OUT/sizes.json for the byte table.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { caseTerms, countries, sectors, sources as codeFiles, terms } from "./make/codes.mjs";
import { embedded, hashOf } from "./make/embed.mjs";
import { lintScript, lintStyle } from "./make/lint.mjs";
import { outline, sources as outlineFiles } from "./make/outline.mjs";
import { buildSuitcase, WORDS as SUITCASE_WORDS } from "./make/suitcase.mjs";
import { LANGUAGES, LENDING, readCatalogues, Said, scriptOf } from "./make/words.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const [packages, out, depfile] = process.argv.slice(2).map((path) => resolve(path));
const from = createRequire(join(packages, "package.json"));
const esbuild = from("esbuild");
const { parse: parseToml } = from("smol-toml");
const { parse: parseMessage } = from("@messageformat/parser");

function fail(problems) {
  for (const problem of problems) console.error("page: " + problem);
  process.exit(1);
}

// ---- the views' table, as the sources have it

const common = {
  absWorkingDir: here, bundle: true, write: false, metafile: true, format: "esm", charset: "utf8", logLevel: "warning",
  nodePaths: [join(packages, "node_modules")], jsx: "automatic", jsxImportSource: "preact", target: ["es2022"], loader: { ".txt": "text" },
};
const table = await esbuild.build({
  ...common, entryPoints: ["src/views.ts"], outdir: "/x", plugins: [{
    name: "views-not-yet",
    setup: (build) => build.onResolve({ filter: /^\.\/views\// }, (found) => ({ path: found.path, external: true })),
  }],
});
const { VIEWS } = await import("data:text/javascript," + encodeURIComponent(table.outputFiles[0].text));

// ---- words and names, whose addresses all share one hash, so that it is written once

const datasets = join(root, "datasets");
const wordsDirectory = join(datasets, "words");
let catalogues;
try {
  catalogues = readCatalogues(wordsDirectory, { parseToml, parseMessage });
} catch (error) {
  fail([error.message]);
}
// Parts that say words of no one view; whoever has the part loads them.
const WORDS_OF_PARTS = {
  "src/parts/world_map.tsx": ["page_map"], "src/parts/outline_map.tsx": ["page_map"], "src/parts/administration.tsx": ["page_administration"],
};
const problems = [];
const said = new Said(catalogues);
for (const entry of readdirSync(join(here, "src"), { recursive: true, withFileTypes: true })) {
  const name = relative(here, join(entry.parentPath, entry.name));
  if (!/\.(tsx?|css)$/.test(name)) continue;
  const text = readFileSync(join(here, name), "utf8");
  if (name.endsWith(".css")) problems.push(...lintStyle(name, text));
  else problems.push(...lintScript(name, text)), said.read(name, text);
}
for (const row of VIEWS)
  for (const name of [...row.words, ...(row.later ?? [])]) if (!catalogues.has(name)) fail([`src/views.ts: there is no datasets/words/${name}.toml`]);
problems.push(...said.settle((file) => {
  if (file.startsWith("src/suitcase/")) return SUITCASE_WORDS;
  const view = VIEWS.find((row) => file.startsWith(`src/views/${row.view}/`));
  return ["page", ...(WORDS_OF_PARTS[file] ?? []), ...(view?.later ?? []), ...(view?.words ?? [])];
}));
if (problems.length) fail(problems);
const wordScripts = [];
for (const language of LANGUAGES) {
  const add = (name, script) => wordScripts.push({ name, language, script });
  for (const [name, keys] of catalogues) add(name, scriptOf(keys, language));
  add("countries", `export default ${JSON.stringify(countries(datasets, language))}\n`);
  add("case_terms", `export default ${JSON.stringify(caseTerms(datasets, language, parseToml))}\n`);
  add("sectors", `export default ${JSON.stringify(sectors(datasets, language))}\n`);
  add("terms", `export default ${JSON.stringify(terms(datasets, language, parseToml))}\n`);
}
const wordsHash = hashOf(Buffer.from(wordScripts.map((one) => one.script).join("\0")));
const wordFiles = wordScripts.map(({ name, language, script }) => ({
  name: `assets/${name}.${language}-${wordsHash}.js`, bytes: Buffer.from(script),
}));

// ---- scripts and style

// `import world from "outline:world"`: the second map, made here, in the script of the part that draws it.
const outlined = {
  name: "outline",
  setup: (build) => {
    build.onResolve({ filter: /^outline:world$/ }, ({ path }) => ({ path, namespace: "made" }));
    build.onLoad({ filter: /^outline:/, namespace: "made" }, () => ({ contents: JSON.stringify(outline(packages, datasets)), loader: "json" }));
  },
};
// `import css from "style:NAME"`: src/style/NAME.css as a text, in the script of the part that needs it.
const styled = {
  name: "style",
  setup: (build) => {
    build.onResolve({ filter: /^style:/ }, ({ path }) => ({ path: join(here, "src/style", path.slice("style:".length) + ".css"), namespace: "style" }));
    build.onLoad({ filter: /./, namespace: "style" }, ({ path }) => ({ contents: esbuild.transformSync(readFileSync(path, "utf8"), { loader: "css", minify: true }).code.trim(), loader: "text" }));
  },
};
const built = await esbuild.build({
  ...common, splitting: true, plugins: [outlined, styled], minify: true, legalComments: "none", define: { WORDS_HASH: JSON.stringify(wordsHash) },
  entryPoints: { start: "src/start.tsx", early: "src/early.ts", style: "src/style/index.css" },
  outdir: join(out, "assets"), entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]",
});

// ---- the shell of each view names the scripts that it will need, so that they come in one go

const outputs = Object.entries(built.metafile.outputs).map(([path, meta]) => ({ ...meta, name: "assets/" + path.split("/").pop() }));
const entry = (source) => outputs.find((one) => one.entryPoint === source);
function scriptsOf(source) {
  const names = new Set();
  const add = (one) => {
    if (!one || names.has(one.name)) return;
    names.add(one.name);
    for (const next of one.imports) if (next.kind === "import-statement") add(outputs.find((other) => other.name.endsWith("/" + next.path.split("/").pop())));
  };
  add(entry(source));
  return [...names];
}
const assets = built.outputFiles.map((file) => ({ name: "assets/" + file.path.split("/").pop(), bytes: Buffer.from(file.contents) }));
const icon = readFileSync(join(here, "src/icon.svg"));
assets.push(...wordFiles, { name: `assets/icon-${hashOf(icon)}.svg`, bytes: icon });

const start = entry("src/start.tsx").name;
const template = readFileSync(join(here, "src/shell.html"), "utf8");
function shell(scripts, words) {
  const others = [...new Set([...scriptsOf("src/start.tsx"), ...scripts])].filter((name) => name !== start);
  const given = {
    words: ["page", ...words].join(" "), hash: wordsHash, style: entry("src/style/index.css").name, early: entry("src/early.ts").name, start, icon: assets.at(-1).name,
    preload: others.map((name) => `<link rel="modulepreload" href="/${name}">`).join("\n"),
  };
  return Buffer.from(template.replace(/\{\{(\w+)\}\}/g, (_, name) => given[name]));
}
const shells = VIEWS.map((row) => ({ name: `shell/${row.view}.html`, bytes: shell(scriptsOf(`src/views/${row.view}/${row.view}.tsx`), row.words) }));
shells.push({ name: "shell/none.html", bytes: shell([], []) });
const addresses = VIEWS.flatMap((row) => row.paths.map((path) => ({ pattern: path.replace(/:(\w+)/g, "{$1}"), shell: `shell/${row.view}.html` })))
  // The server takes the last that fits: what is written out goes before what stands for anything.
  .sort((one, two) => two.pattern.split("{").length - one.pattern.split("{").length);

// ---- the page within a suitcase

const suitcase = await buildSuitcase({
  esbuild, common, said, catalogues, languages: LANGUAGES, scriptOf, names: (language) => ({
    countries: countries(datasets, language), case_terms: caseTerms(datasets, language, parseToml), terms: terms(datasets, language, parseToml),
  }),
});
if (suitcase.wrong.length) fail(suitcase.wrong);

// ---- out

const files = [...assets, ...shells, ...suitcase.files];
const blockPath = join(out, "page.block");
const { block, table: source, sizes } = embedded(files, addresses, blockPath);
rmSync(join(out, "assets"), { recursive: true, force: true });
rmSync(join(out, "shell"), { recursive: true, force: true });
for (const { name, bytes } of files) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), bytes);
}
writeFileSync(blockPath, block);
writeFileSync(join(out, "page_files.cpp"), source);
const perView = Object.fromEntries(VIEWS.map((row) => [row.view, { scripts: scriptsOf(`src/views/${row.view}/${row.view}.tsx`), words: row.words }]));
const outlineScript = outputs.find((one) => Object.keys(one.inputs).includes("made:outline:world")).name;
writeFileSync(join(out, "sizes.json"), JSON.stringify({ sizes, start: scriptsOf("src/start.tsx"), views: perView, outline: outlineScript, wordsHash }, null, 1));

const read = new Set([fileURLToPath(import.meta.url), wordsDirectory, ...codeFiles(datasets), ...outlineFiles(packages, datasets), join(here, "src/shell.html"), join(here, "src/icon.svg"), join(packages, "package-lock.json")]);
for (const name of readdirSync(join(here, "make"))) read.add(join(here, "make", name));
for (const name of [...catalogues.keys()].map((name) => name + ".toml").concat(LENDING)) read.add(join(wordsDirectory, name));
for (const input of suitcase.inputs) if (!input.startsWith("made:")) read.add(resolve(here, input));
for (const made of [built, table]) for (const input of Object.keys(made.metafile.inputs)) if (!input.startsWith("made:")) read.add(resolve(here, input.replace(/^style:/, "")));
writeFileSync(depfile, `${join(out, "page_files.cpp")}: ${[...read].join(" \\\n  ")}\n`);
