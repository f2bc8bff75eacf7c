// What happens when a view is drawn: the window's title, where the reader's eyes go, how far down one was.
import { useEffect, useLayoutEffect } from "preact/hooks";
import { arrival, left, place } from "./place";

// What turns directions round has no place in a window's title, where nothing isolates it.
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title.replace(TURNING, "")} – Counterpart` : "Counterpart";
  }, [title]);
}

const PATIENCE = 3_000; // ms in which a list may still grow to where one was

// Back: as far down as before, as soon as the page is long enough, with the link that was followed in focus.
function restore(): () => void {
  const was = left();
  if (!was) return () => {};
  const until = Date.now() + PATIENCE;
  const tryIt = () => {
    const room = document.documentElement.scrollHeight - innerHeight;
    if (room < was.scroll && Date.now() < until) return;
    observer.disconnect();
    if (was.scroll) scrollTo(0, was.scroll);
    const link = was.link && document.querySelector<HTMLElement>(`a[href="${CSS.escape(was.link)}"]`);
    if (link) link.focus({ preventScroll: true });
  };
  const observer = new ResizeObserver(tryIt);
  observer.observe(document.body);
  return () => observer.disconnect();
}

export function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>("main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// Once for each view that is drawn.
export function useArrival(): void {
  const here = place.use();
  useLayoutEffect(() => {
    if (arrival === "within") return;
    if (arrival === "back" || arrival === "first") return restore();
    scrollTo(0, 0);
    focusHeading();
  }, [here]);
}
