// Sentences of the server name profiles by their ids in backticks; a reader knows them by their titles.
import type { ComponentChild } from "preact";

export function withNames(text: string, titles: Record<string, string | undefined>): ComponentChild[] {
  return text.split(/`([^`]*)`/).map((piece, i) => (i % 2 === 0 ? piece : <bdi>{titles[piece] ?? piece}</bdi>));
}
