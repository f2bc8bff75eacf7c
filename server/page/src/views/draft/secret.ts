// What opens a company's own draft: the part of its link behind the #, which no server logs. This browser remembers it, so
// that it need not stand in the address any longer, where somebody might look over a shoulder or send the address on.
import { keep, readKept } from "../../kept";
import type { Key } from "../form/copy";

const SHAPE = /^#(cpd_[A-Za-z0-9_.:-]{20,300})$/;
const KEPT = "opens:";
const opened = new Map<string, string>(); // for a browser that keeps nothing

export function remember({ id, secret }: Key): void {
  opened.set(id, secret);
  keep(KEPT + id, secret);
}

export function forgetSecret(id: string): void {
  opened.delete(id);
  keep(KEPT + id, null);
}

// By the address, else as remembered.
export function keyOf(id: string): Key | null {
  const said = location.hash.match(SHAPE)?.[1];
  if (said) {
    remember({ id, secret: said });
    if (readKept(KEPT + id) === said) history.replaceState(history.state, "", location.pathname + location.search);
  }
  const secret = said ?? opened.get(id) ?? readKept(KEPT + id);
  return secret ? { id, secret } : null;
}

export const linkOf = ({ id, secret }: Key): string => `${location.origin}/drafts/${encodeURIComponent(id)}#${secret}`;

// Drafts that were opened in this browser, by id.
export function rememberedIds(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(KEPT)).map((name) => name.slice(KEPT.length));
  } catch {
    return [...opened.keys()];
  }
}
