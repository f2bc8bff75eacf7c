// What this browser keeps: settings, and what was typed and not sent yet. One that keeps nothing works all the same.
import { useEffect, useRef, useState } from "preact/hooks";

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // full, or switched off: the form itself still has it
  }
}

// The draft of one form. `name` tells it from all others: begin it with the address it stands at. `forget` when it was sent.
export function useDraft<T>(name: string, initial: T): [T, (next: T) => void, () => void] {
  const key = "draft:" + name;
  const read = (): T => {
    const text = readKept(key);
    if (text === null) return initial;
    try {
      return JSON.parse(text) as T;
    } catch {
      return initial;
    }
  };
  const [draft, setDraft] = useState<T>(read);
  useEffect(() => setDraft(read()), [key]);
  const change = (next: T) => {
    setDraft(next);
    keep(key, JSON.stringify(next));
  };
  return [draft, change, () => keep(key, null)];
}

// The version that a form stands on: it follows what is stored while nothing was typed, and stays while something was. To be
// part of the form's key; the draft itself keeps the version that it was begun on.
export function useSteady<T>(name: string, version: T): T {
  const seen = useRef(version);
  if (readKept("draft:" + name) === null) seen.current = version;
  return seen.current;
}
