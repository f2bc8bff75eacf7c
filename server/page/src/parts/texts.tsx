// Sentences of the server name profiles by their ids in backticks; a reader knows them by their titles.
import type { ComponentChild } from "preact";

// A name as the server isolates it in a sentence that runs the other way.
export const bare = (text: string): string => text.replace(/[\u2068\u2069]/g, "");

export function withNames(text: string, titles: Record<string, string | undefined>): ComponentChild[] {
  return text.split(/`([^`]*)`/).map((piece, i) => (i % 2 === 0 ? piece : <bdi>{titles[bare(piece)] ?? piece}</bdi>));
}
