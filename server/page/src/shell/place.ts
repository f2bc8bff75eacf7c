// Where the reader is. The address is the state of a view: everything that is asked, narrowed, opened or paged stands in it.
import { store } from "../store";
import { VIEWS, type ViewRow } from "../views";

export interface Place {
  path: string;
  params: Record<string, string>; // what stands for the :parts of the row's path
  query: URLSearchParams;
  row: ViewRow | null; // null: nothing is at this address
}

const RESERVED = new Set(["new"]); // what stands where an id does, and is none

function matched(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/"), given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < wanted.length; ++i) {
    if (wanted[i]!.startsWith(":") && given[i] && !RESERVED.has(given[i]!)) params[wanted[i]!.slice(1)] = decoded(given[i]!);
    else if (wanted[i] !== given[i]) return null;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function placeOf(url: URL): Place {
  for (const row of VIEWS)
    for (const pattern of row.paths) {
      const params = matched(pattern, url.pathname);
      if (params) return { path: url.pathname, params, query: url.searchParams, row };
    }
  return { path: url.pathname, params: {}, query: url.searchParams, row: null };
}

// Is there a view at this address? A link to one that is not there is no link.
export const isThere = (href: string): boolean => placeOf(new URL(href, location.href)).row !== null;

// A letter that asks whether a mailbox is its reader's leads to /#confirm=ID.CODE.
function moved(): void {
  const confirming = location.pathname === "/" && location.hash.startsWith("#confirm=");
  if (confirming) history.replaceState(history.state, "", "/drafts/confirm#" + location.hash.slice("#confirm=".length));
}
moved();

export const place = store<Place>(placeOf(new URL(location.href)));

// How one came here: `focus` is where the reader's eyes go when the view is drawn.
export let arrival: "first" | "forth" | "back" | "within" = "first";

interface Left {
  scroll: number;
  link: string | null; // that was followed from there
}
let entry: string = (history.state as { entry?: string } | null)?.entry ?? "0";

// By entry of the history; kept for this window, so that a reload is no way down again.
const KEPT = "left";
const leaving = new Map<string, Left>(restored());
function restored(): [string, Left][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as [string, Left][];
  } catch {
    return [];
  }
}
function keepAll(): void {
  remember();
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...leaving].slice(-50)));
  } catch {
    // it is full, or switched off: one begins at the top
  }
}

function remember(): void {
  const active = document.activeElement?.closest?.("a[href]");
  leaving.set(entry, { scroll: scrollY, link: active?.getAttribute("href") ?? null });
}
export const left = (): Left | undefined => leaving.get(entry);

export interface GoOptions {
  replace?: boolean; // no entry of its own in the history
  stay?: boolean; // it is the same view under another address: nothing is scrolled or focused
}

export function go(href: string, { replace = false, stay = false }: GoOptions = {}): void {
  const url = new URL(href, location.href);
  if (url.href === location.href) replace = true;
  const here = place.get();
  remember();
  if (!replace) entry = crypto.randomUUID?.() ?? String(Date.now() + Math.random());
  history[replace ? "replaceState" : "pushState"]({ entry }, "", url);
  arrival = stay || url.pathname === here.path ? "within" : "forth";
  place.set(placeOf(url));
}

// The address of this view with other parameters; null and "" leave one out. What is changed leads to the first page.
export function withQuery(changes: Record<string, string | readonly string[] | null>, from: Place = place.get()): string {
  const query = new URLSearchParams(from.query);
  if (!("page" in changes)) query.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (value === null || value === "") continue;
    for (const one of typeof value === "string" ? [value] : value) query.append(name, one);
  }
  const text = query.toString();
  return from.path + (text ? "?" + text : "");
}

function followed(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest?.("a[href]") as HTMLAnchorElement | null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return; // a place on this view
  if (!placeOf(new URL(link.href)).row) return;
  event.preventDefault();
  go(link.href);
}

export function startRouting(): void {
  history.scrollRestoration = "manual";
  history.replaceState({ entry }, "");
  document.addEventListener("click", followed);
  addEventListener("pagehide", keepAll);
  let shown = location.pathname + location.search;
  place.watch(() => (shown = location.pathname + location.search));
  addEventListener("popstate", (event) => {
    if (shown === location.pathname + location.search) return; // a place on the same view
    remember();
    moved();
    entry = (event.state as { entry?: string } | null)?.entry ?? "0";
    arrival = "back";
    place.set(placeOf(new URL(location.href)));
  });
}
