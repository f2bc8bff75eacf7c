// Does the server answer? While it does not, it is asked again and again, ever more seldom; then everybody who waits is told.
import { store } from "../store";

// Since when it does not answer, in ms; 0: it does.
export const goneSince = store(0);
export const returned = store(0); // counts how often it came back

const FIRST = 1_000, LONGEST = 30_000;
let pause = FIRST;
let timer = 0;

async function ask(): Promise<void> {
  timer = 0;
  const there = await fetch("/readyz", { cache: "no-store" }).then((response) => response.ok, () => false);
  if (there) return keepOnline();
  pause = Math.min(pause * 2, LONGEST);
  timer ||= window.setTimeout(ask, pause);
}

export function keepOffline(): void {
  if (!goneSince.get()) {
    goneSince.set(Date.now());
    pause = FIRST;
  }
  timer ||= window.setTimeout(ask, pause);
}

export function keepOnline(): void {
  if (!goneSince.get()) return;
  window.clearTimeout(timer);
  timer = 0;
  goneSince.set(0);
  returned.set(returned.get() + 1);
}

export function askNow(): void {
  window.clearTimeout(timer);
  pause = FIRST;
  void ask();
}
window.addEventListener("online", () => goneSince.get() && askNow());
