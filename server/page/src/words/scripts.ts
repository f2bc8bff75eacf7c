// Where catalogues and lists of names come from: a script of the server for each and language.
declare const WORDS_HASH: string; // put in by build.mjs

export async function script(name: string, tongue: string): Promise<unknown> {
  return ((await import(`/assets/${name}.${tongue}-${WORDS_HASH}.js`)) as { default: unknown }).default;
}
