// What was done with many cases can be taken back as a whole. The offer is kept for this window, so that a reload or a way
// through other views does not take it away: until it is done, put away, or the server says that it can be done no more.
import { post, type Problem } from "../../api/client";
import { announce } from "../../parts/announce";
import { say } from "../../words/say";
import type { Acting } from "../case/acting";

interface Offer {
  id: string; // of the operation
  done: number;
  not: number;
  query: Acting["query"];
  whose: string;
}

const KEPT = "bulk";
const LATER: Problem["trouble"][] = ["offline", "starting", "busy", "signed-out", "fault"]; // it may go another time

// Who signs in next with this window is offered nothing.
const whoseOf = ({ me }: Acting): string => JSON.stringify([me?.role, me?.office, me?.desk, me?.label]);

function keep(offer: Offer | null): void {
  try {
    if (offer) sessionStorage.setItem(KEPT, JSON.stringify(offer));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // switched off: the offer lasts as long as the page
  }
}
function kept(): Offer | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Offer | null;
  } catch {
    return null;
  }
}

function undo(offer: Offer, after: () => void): void {
  post("/v1/bulk/{id}:undo", undefined as never, { path: { id: offer.id }, query: offer.query }).then(
    ({ data }) => {
      keep(null);
      announce(say("pipeline.undone", { n: data.done, not: data.refused }));
      after();
    },
    (problem: Problem) => {
      if (LATER.includes(problem.trouble)) return show(offer, after, problem.detail);
      keep(null);
      announce(problem.detail);
    },
  );
}

const show = (offer: Offer, after: () => void, text = say("pipeline.done", { n: offer.done, not: offer.not })): void =>
  announce(text, () => undo(offer, after), () => keep(null));

export function offerUndo(verdict: { id?: string; done: number; refused: number }, acting: Acting, after: () => void): void {
  if (!verdict.id || !verdict.done) return announce(say("pipeline.done", { n: verdict.done, not: verdict.refused }));
  const offer = { id: verdict.id, done: verdict.done, not: verdict.refused, query: acting.query, whose: whoseOf(acting) };
  keep(offer);
  show(offer, after);
}

// After a reload.
export function offerAgain(acting: Acting, after: () => void): void {
  const offer = kept();
  if (offer?.whose === whoseOf(acting)) show(offer, after);
}
