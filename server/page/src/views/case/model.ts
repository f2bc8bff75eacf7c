// A case as the page knows it: whose it is, what may be done with it, how far it has come.
import type { ComponentChild } from "preact";
import type { Result, Schemas } from "../../api/client";
import { useTerms, useCaseTerms, type Terms } from "../../words/names";

export type Facts = Record<string, unknown>;
export interface Say {
  fact: string; // a member of the facts, or "reason", "note"
  required: boolean;
  one_of?: string[];
}
export interface Act {
  verb: string;
  to?: string;
  says: Say[];
}
export interface Event {
  number: number;
  at: string;
  by: string; // desk, owner, clock
  desk?: string;
  office?: string;
  verb: string;
  side?: string;
  reason?: string;
  note?: string;
  facts?: Facts;
}
export interface LetterTo {
  letter: string;
  reader: { desk?: string; office?: string; profile?: string; name?: string };
}
export interface Task {
  side?: string;
  step?: string;
  due?: string;
  since?: string;
  promised?: string;
  why_due?: Schemas["WhyDue"];
  owner?: Owner;
  inbox?: boolean;
  next: string[];
}
export type Owner = { desk: string; office: string; name?: string; way?: { desk: string; why: string; until?: string }[] };

// The description leaves open what acts and events are made of; this is what they have.
type Loose = "acts" | "timeline" | "letters" | "second" | "desks" | "answers" | "contacts";
export type Case = Omit<Result<"get", "/v1/cases/{id}">, Loose> & {
  acts?: Act[];
  timeline?: Event[];
  letters?: LetterTo[];
  second?: Task;
  desks?: Record<string, Owner>;
  answers?: Facts;
  contacts?: { profile: string; legal_name?: string; contact: Record<string, string> }[];
};

export const tasksOf = (item: Case): Task[] => (item.open ? [item as Task, ...(item.second ? [item.second] : [])] : []);
export const isLate = (item: Case): boolean => tasksOf(item).some((task) => task.due !== undefined && Date.parse(task.due) < Date.now());
const sameDay = (one: number, other: number) => new Date(one).toDateString() === new Date(other).toDateString();
export const isDueToday = (item: Case) => tasksOf(item).some((task) => task.due !== undefined && !isLate(item) && sameDay(Date.parse(task.due), Date.now()));

// The states that lead to where a case is meant to come, in order; the others are told when one is in them.
const WAYS: Record<string, string> = {
  interest: "sent received accepted",
  introduction: "agreed released first_contact promoted negotiation concluded operational",
  good_practice: "asked written public",
  profile: "draft review published",
  merge: "proposed merged",
  nomination: "nominated confirmed",
  invitation: "invited accepted",
  request: "endorsed screened response_plan implementation closed",
  coaching: "applied accepted coaching investor_ready introduced",
  application: "submitted screened jury semi_finalist finalist winner",
  membership: "applied member",
  contribution: "offered agreed running completed",
};
export const wayOf = (kind: string): string[] => (WAYS[kind] ?? "").split(" ").filter(Boolean);

// With two profiles, or one and whoever looks at it.
export const isBetweenTwo = (item: Pick<Case, "from" | "to">): boolean => item.to.profile !== "" && item.to.profile !== item.from.profile;
export const titleOf = (party: { profile: string; title?: string }): string => party.title || party.profile;

export interface Words {
  kind(kind: string): string;
  state(kind: string, state: string): string;
  act(kind: string, verb: string): string;
  reason(kind: string, verb: string, code: string): string;
  term(list: string, code: string): string;
  listed(list: string): [string, string][];
}

// A reason's word is in the list that its act asks from, which is called after one of the two, or after both.
function reasonIn(terms: Terms, kind: string, verb: string, code: string): string {
  const own = [`${verb}_${kind}`, `${kind}_refusal`, verb].map((name) => terms[name + ".reason"]?.[code]);
  const any = Object.entries(terms).flatMap(([name, words]) => (name.endsWith(".reason") ? [words[code]] : []));
  return [...own, ...any].find(Boolean) ?? code;
}

export function useWords(): Words {
  const cases = useCaseTerms() ?? {}, terms = useTerms() ?? {};
  return {
    kind: (kind) => cases["case.kind"]?.[kind] ?? kind,
    state: (kind, state) => cases[kind + ".state"]?.[state] ?? state,
    act: (kind, verb) => cases[kind + ".act"]?.[verb] ?? cases["case.act"]?.[verb] ?? verb,
    reason: (kind, verb, code) => reasonIn(cases, kind, verb, code),
    term: (list, code) => terms[list]?.[code] ?? cases[list]?.[code] ?? code,
    listed: (list) => Object.entries(terms[list] ?? cases[list] ?? {}),
  };
}

export const ON_CARD = ["scores", "comments"]; // facts that the review of a profile is given by, on its card
export const isReviewed = (item: Case): boolean => (item.acts ?? []).some((act) => act.says.some((say) => ON_CARD.includes(say.fact)));

// What a member of the server's complaint is about: "facts.amount" is "amount".
export const factAt = (member: string): string => member.replace(/^(facts|answers)\./, "").replace(/[.[].*$/, "");

export type Child = ComponentChild;
