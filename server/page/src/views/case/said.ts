// What an act says of what was written, and which acts are offered first.
import type { Draft } from "./draft";
import { factsOf } from "./fields";
import { type Act, type Case, type Facts, ON_CARD } from "./model";

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
