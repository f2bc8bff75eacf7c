// The page within a suitcase (src/suitcase): one script, one sheet of style and the words of each language, which
// server/suitcase/document.cpp puts into one file with what is sealed. That file has no server, so parts of the page that ask one find
// others in their place.
import { join } from "node:path";

const INSIDE = {
  "api/client": "client", "api/answer": "answer", "shell/place": "place", "shell/me": "me", "parts/way": "way", "words/scripts": "scripts",
};
// Which catalogues it may say words of; the last one gets what it borrows.
export const WORDS = ["page", "page_acts", "page_brief", "page_case", "page_form", "page_home", "page_match", "page_taken"];
const MOST = 100_000; // bytes, without what is sealed

const others = {
  name: "inside-a-suitcase",
  setup: (build) => build.onResolve({ filter: /^\.\.?\// }, (found) => {
    const name = Object.keys(INSIDE).find((one) => found.path.endsWith("/" + one) || found.path === "./" + one.split("/")[1] && found.resolveDir.endsWith("/" + one.split("/")[0]));
    return name && !found.path.includes("inside/") ? { path: join(build.initialOptions.absWorkingDir, "src/suitcase/inside", INSIDE[name] + (name === "parts/way" ? ".tsx" : ".ts")) } : undefined;
  }),
};

// {files, inputs}. `said`: Said after settle(); `names(language)`: lists of names by list; `scriptOf` as in words.mjs.
export async function buildSuitcase({ esbuild, common, said, catalogues, languages, scriptOf, names }) {
  const built = await esbuild.build({
    ...common, format: "iife", minify: true, legalComments: "none", charset: "utf8", plugins: [others], outdir: "/x",
    entryPoints: { app: "src/suitcase/start.tsx", style: "src/style/index.css" },
  });
  const files = built.outputFiles.map((file) => ({ name: "suitcase/" + file.path.split("/").pop(), bytes: Buffer.from(file.contents) }));
  const sources = new Set(Object.keys(built.metafile.inputs));
  // Of all catalogues what these sources say.
  const keys = new Map();
  for (const [key, saying] of said.said)
    if ([...saying].some((file) => sources.has(file))) for (const catalogue of catalogues.values()) if (catalogue.has(key)) keys.set(key, catalogue.get(key));
  for (const language of languages) {
    const words = scriptOf(keys, language).replace(/^export default/, "globalThis.COUNTERPART_WORDS=");
    files.push({ name: `suitcase/words.${language}.js`, bytes: Buffer.from(words.trim()) });
    // Lists go with what is sealed, and small.
    files.push({ name: `suitcase/names.${language}.json`, bytes: Buffer.from(JSON.stringify(names(language))) });
  }
  const wrong = [];
  for (const { name, bytes } of files) if (!name.endsWith(".json") && /<\/(script|style)|<!--/i.test(bytes.toString())) wrong.push(`${name}: would end the element that it stands in`);
  const weight = (language) => files.filter(({ name }) => /(app\.js|\.css)$/.test(name) || name.endsWith(`words.${language}.js`)).reduce((sum, { bytes }) => sum + bytes.length, 0);
  for (const language of languages) if (weight(language) > MOST) wrong.push(`suitcase: ${weight(language)} bytes in ${language}; ${MOST} is the most`);
  return { files, inputs: Object.keys(built.metafile.inputs), wrong };
}
