// What was taken along, and what is written: kept sealed in this browser where it keeps anything, and saved as a file at any time.
import type { Result, Schemas } from "../api/client";
import { keep, readKept } from "../kept";
import { store } from "../store";
import type { Case } from "../views/case/model";
import { header, type Keys, openAnswers, sealAnswers } from "./sealed";

export type Profile = Result<"get", "/v1/profiles/{id}"> & Partial<Schemas["Profile"]>;
export type Match = Result<"post", "/v1/match">["matches"][number];
export type Brief = Result<"get", "/v1/countries/{country}/brief">;
export type DeskView = Result<"get", "/v1/desk">;

export interface Taken {
  id: string;
  office: string;
  desk: string;
  keys: Keys;
  names: Record<string, unknown>; // lists of names of codes
  desk_view: DeskView | null;
  directory: Schemas["OfficeDirectory"] | null;
  programmes: { programmes: { slug: string; name: string }[] } | null;
  cases: Record<string, Case>;
  profiles: Record<string, { own: boolean; etag: string; profile: Profile }>;
  matches: Record<string, { programme: string; matches: Match[] }>;
  advice: Record<string, Result<"get", "/v1/profiles/{id}/advice">>;
  briefs: Record<string, Brief>;
  left_out: { what: string; taken: number; of: number }[];
}

export interface Operation {
  operation: string;
  does: "act" | "profile" | "interest";
  subject: string;
  verb: string;
  if_match: string;
  written_at: string;
  body: Record<string, unknown>;
  seen?: unknown;
}
interface Written {
  operations: Operation[];
  drafts: Record<string, unknown>;
}

export const taken = store<Taken | null>(null);
export const written = store<Written>({ operations: [], drafts: {} });
export const keptHere = store<boolean>(true); // false: this browser keeps nothing
export const saved = store<string>(""); // the operations that the last file has

const KEPT = "counterpart suitcase " + header.id;
const told = (operations: Operation[]) => operations.map((one) => one.operation + one.written_at).join();
export const isSaved = (): boolean => told(written.get().operations) === saved.get();

// One after the other, so that an older state never comes to lie over a newer one.
let turn: Promise<unknown> = Promise.resolve();
function change(next: Written): void {
  written.set(next);
  const keys = taken.get()!.keys;
  turn = turn.then(async () => {
    const text = JSON.stringify(await sealAnswers(next, keys));
    keep(KEPT, text);
    keptHere.set(readKept(KEPT) === text);
  });
}

export async function begin(inside: Taken): Promise<void> {
  taken.set(inside);
  const text = readKept(KEPT);
  if (text) await openAnswers<Written>(text, inside.keys).then((found) => written.set(found), () => {});
}

// What was written for the same thing before goes. It is an operation of its own: the one before may be handed in by now.
export function write(operation: Omit<Operation, "operation" | "written_at">): void {
  const { operations, drafts } = written.get();
  const before = operations.find((one) => one.does === operation.does && one.does !== "interest" && one.subject === operation.subject);
  const one = { ...operation, operation: crypto.randomUUID(), written_at: new Date().toISOString() };
  change({ operations: [...operations.filter((other) => other !== before), one], drafts });
}
export function takeOut(operation: string): void {
  const { operations, drafts } = written.get();
  change({ operations: operations.filter((one) => one.operation !== operation), drafts });
}
export const writtenFor = (does: Operation["does"], subject: string): Operation | undefined =>
  written.get().operations.find((one) => one.does === does && one.subject === subject);

// The draft of one form; null: there is none any more.
export function useDraft<T>(name: string, initial: T): [T, (next: T | null) => void] {
  const { drafts } = written.use();
  const set = (next: T | null) => {
    const { operations, drafts: all } = written.get();
    const { [name]: _, ...others } = all;
    change({ operations, drafts: next === null ? others : { ...others, [name]: next } });
  };
  return [(drafts[name] as T | undefined) ?? initial, set];
}

export async function answersFile(): Promise<Blob> {
  const { operations } = written.get();
  const bundle = await sealAnswers(written.get(), taken.get()!.keys);
  saved.set(told(operations));
  return new Blob([JSON.stringify(bundle)], { type: "application/json" });
}

// Of a file that was saved before, what is not written here already.
export async function readAnswers(file: File): Promise<number> {
  const found = await openAnswers<Written>(await file.text(), taken.get()!.keys);
  const { operations, drafts } = written.get();
  const fresh = found.operations.filter((one) => !operations.some((other) => other.operation === one.operation));
  change({ operations: [...operations, ...fresh], drafts: { ...found.drafts, ...drafts } });
  return fresh.length;
}
