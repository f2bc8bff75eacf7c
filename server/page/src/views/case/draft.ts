// What is being said of a case and not sent yet, kept in this browser.
import { useDraft } from "../../kept";
import type { Act, Case, Facts } from "./model";
import { factsOf } from "./fields";

export interface Draft {
  verb: string;
  facts: Facts; // as typed, with the reason
  note: string;
  seen: number; // the last act that was known when it was begun; 0: nothing is written
}
export const NOTHING: Draft = { verb: "", facts: {}, note: "", seen: 0 };

export const isBegun = (draft: Draft): boolean => draft.note !== "" || Object.values(draft.facts).some((value) => value !== "" && value !== undefined);

export function useCaseDraft(id: string): { draft: Draft; change(next: Partial<Draft>): void; forget(): void } {
  const [draft, set, drop] = useDraft<Draft>("/cases/" + id, NOTHING);
  return {
    draft,
    change: (next) => set({ ...draft, ...next }),
    forget: () => {
      set(NOTHING);
      drop();
    },
  };
}

export interface Body {
  note?: string;
  reason?: string;
  facts?: Facts;
}
// Of all that was typed what this act asks for: what was written for another act stays in the draft.
export function bodyOf(draft: Draft, act: Act): Body {
  const asked = act.says.map((say) => say.fact);
  const { reason, ...facts } = factsOf(draft.facts, asked);
  return {
    ...(draft.note.trim() && { note: draft.note }),
    ...(reason !== undefined && { reason: String(reason) }),
    ...(Object.keys(facts).length > 0 && { facts }),
  };
}

const ON_CARD = ["scores", "comments"]; // facts that the review of a profile is given by, on its card
export const isReviewed = (item: Case): boolean => (item.acts ?? []).some((act) => act.says.some((say) => ON_CARD.includes(say.fact)));

// What is asked of this office comes first; of another office's case what it is not asked for, though perhaps this one may.
// `mine`: null, it is not known for which office is acted.
const ALWAYS = ["note", "call", "hand_over", "claim", "put_back", "remind"];
export function sorted(item: Case, mine: boolean | null): { first: Act[]; more: Act[] } {
  const acts = (item.acts ?? []).filter((act) => !act.says.some((say) => ON_CARD.includes(say.fact)));
  const own = acts.filter((act) => !ALWAYS.includes(act.verb) || act.to || (act.verb === "call" && item.kind === "introduction"));
  const next = new Set([...item.next, ...(item.second?.next ?? [])]);
  const first = item.open && mine !== null ? own.filter((act) => next.has(act.verb) === mine) : own;
  return { first, more: acts.filter((act) => !first.includes(act)) };
}
