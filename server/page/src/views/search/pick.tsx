// Answers that are picked to be compared. They stand in the address, as everything does.
import { Name } from "../../parts/text";
import { go, isThere, place, withQuery } from "../../shell/place";
import { say } from "../../words/say";
import type { Question } from "./question";

const MOST = 4;
const COMPARE = "/compare";

const picked = (): string[] => place.get().query.getAll("pick");
export const canCompare = (question: Question): boolean => Boolean(question.profile) && isThere(COMPARE);

export function Pick({ id, title }: { id: string; title: string }) {
  const list = picked(), on = list.includes(id);
  const change = () =>
    go(withQuery({ pick: on ? list.filter((other) => other !== id) : [...list, id], page: place.get().query.get("page") }), { replace: true });
  return (
    <label class="check m">
      <input type="checkbox" checked={on} disabled={!on && list.length >= MOST} onChange={change} /> {say("term.compare")}<span class="hidden"> <Name>{title}</Name></span>
    </label>
  );
}

export function Picked({ question }: { question: Question }) {
  const list = picked();
  if (!canCompare(question) || list.length === 0) return null;
  const query = new URLSearchParams([["for", question.profile], ...list.map((id) => ["id", id])]);
  if (question.programme !== "open") query.set("programme", question.programme);
  return <p class="row"><a class="button main" href={`${COMPARE}?${query}`}>{say("search.compare", { n: list.length })}</a></p>;
}
