// What must be mended before a profile can be handed in.
import { say } from "../../words/say";
import { FIELDS, fieldOf } from "./fields";
import { at, type Json } from "./members";

export interface Fault {
  member: string;
  text: string;
}

const isSaid = (profile: Json, path: string) => {
  const value = at(profile, path);
  return value !== undefined && String(value).trim() !== "";
};

const TEXTS = ["summary", "offers", "seeks"];
const NEEDED = new Set([...FIELDS.filter((row) => row.must).map((row) => row.path), ...TEXTS]);

// `found`: what the server says is missing or wrong. What is required is said here, with or without it.
export function faultsOf(profile: Json, found: { member?: string; detail: string }[]): Fault[] {
  const faults: Fault[] = FIELDS.filter((row) => row.must && !isSaid(profile, row.path)).map((row) => ({ member: row.path, text: say("form.needed") }));
  if (!TEXTS.some((path) => isSaid(profile, path))) faults.push({ member: "seeks", text: say("form.needed_text") });
  for (const { member = "", detail } of found) if (!NEEDED.has(member) || isSaid(profile, member)) faults.push({ member, text: detail });
  return faults;
}

// By field. What is not filled in yet is a fault only once somebody tried to hand it in.
export function byField(profile: Json, faults: Fault[], tried: boolean): Record<string, string[]> {
  const out: Record<string, string[]> = {};
  for (const { member, text } of faults) {
    const path = fieldOf(member)?.path;
    if (path && (tried || isSaid(profile, path))) (out[path] ??= []).push(text);
  }
  return out;
}
