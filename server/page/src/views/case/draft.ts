// What is being said of a case and not sent yet, kept in this browser.
import { useDraft } from "../../kept";
import type { Facts } from "./model";

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
