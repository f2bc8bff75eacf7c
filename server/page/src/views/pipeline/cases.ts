// All cases of an office, so that a filter can say how many it hides.
import { useAnswer } from "../../api/answer";
import { get, type Answer } from "../../api/client";
import type { Place } from "../../shell/place";
import { type Case, isDueToday, isLate, tasksOf } from "../case/model";

export const AT_ONCE = 1000; // as many as the server gives
const MOST = 3000;

export interface Pipeline {
  cases: Case[];
  more: boolean; // there are others that are not here
}

export interface Asked {
  closed: boolean;
  office: string;
  kind: string;
  programme: string;
}

async function fetchAll(query: Record<string, string | number | undefined>, signal: AbortSignal): Promise<Answer<Pipeline>> {
  const cases: Case[] = [];
  let more = true, after: string | undefined;
  let when = 0;
  while (more && cases.length < MOST) {
    const page = await get("/v1/cases", { query: { ...query, limit: AT_ONCE, after }, signal });
    cases.push(...(page.data.cases as unknown as Case[]));
    ({ more, after } = page.data);
    when = page.when;
  }
  return { data: { cases, more }, etag: null, when };
}

export function usePipeline(asked: Asked | null) {
  const key = asked && "pipeline " + JSON.stringify(asked);
  return useAnswer<Pipeline>(key, async (signal) => {
    const { closed, office, kind, programme } = asked!;
    const base = { open: String(!closed), office: office || undefined };
    const all = await fetchAll(base, signal);
    // Of more than can be shown at once, those that were asked for.
    return all.data.more && (kind || programme) ? fetchAll({ ...base, kind: kind || undefined, programme: programme || undefined }, signal) : all;
  });
}

// ---- what narrows it, as the address says

export interface Filters {
  state: string; // "late", "today", "closed", or ""
  owner: string; // "me", "inbox", a desk, or ""
  kind: string;
  programme: string;
}
export const FILTERS = ["state", "owner", "kind", "programme"] as const;

export const filtersOf = (place: Place): Filters =>
  Object.fromEntries(FILTERS.map((name) => [name, place.query.get(name) ?? ""])) as unknown as Filters;

export const isOf = (item: Case, desk: string) => tasksOf(item).some((task) => task.owner?.desk === desk);
export const isInInbox = (item: Case) => tasksOf(item).some((task) => task.inbox);

// By the name of the filter: does the case stay?
const STAYS: { [F in keyof Filters]: (item: Case, wanted: string, desk: string) => boolean } = {
  state: (item, wanted) => (wanted === "late" ? isLate(item) : wanted === "today" ? isDueToday(item) : wanted === "closed" || item.state === wanted),
  owner: (item, wanted, desk) => (wanted === "inbox" ? isInInbox(item) : isOf(item, wanted === "me" ? desk : wanted)),
  kind: (item, wanted) => item.kind === wanted,
  programme: (item, wanted) => (item.programme ?? "") === wanted,
};

export const stays = (item: Case, filters: Filters, desk: string): boolean =>
  FILTERS.every((name) => filters[name] === "" || STAYS[name](item, filters[name], desk));

export const dueOf = (item: Case): number => Math.min(...tasksOf(item).map((task) => (task.due ? Date.parse(task.due) : Infinity)));
// What is due first stands first; of what is closed, what was closed last.
export const inOrder = (cases: Case[]): Case[] =>
  [...cases].sort((one, other) => (dueOf(one) === dueOf(other) ? 0 : dueOf(one) - dueOf(other)) || (other.closed ?? "").localeCompare(one.closed ?? "") || one.id.localeCompare(other.id));
