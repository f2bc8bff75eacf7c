// How good a match is: a word, three steps, never a bare number.
import { say } from "../words/say";

export type Band = "strong" | "good" | "possible" | "weak";
const WORD: Record<string, string> = {
  strong: "term.strong", good: "term.good", possible: "term.possible", weak: "term.weak", unstated: "term.not_stated",
};
const LOOK: Record<string, string> = { good: "good-fit", possible: "possible", weak: "weak-fit", unstated: "unstated" };

export function Fit({ band }: { band: string }) {
  return <span class={"fit " + (LOOK[band] ?? "")}><i />{WORD[band] ? say(WORD[band]!) : band}</span>;
}
