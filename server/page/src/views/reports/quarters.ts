// Quarters as the server writes them, "2026Q4" and "2026Q1-2026Q4", in words.
import { say } from "../../words/say";

const SHOWN = 8;

export function lastQuarters(): string[] {
  const now = new Date();
  const last = now.getUTCFullYear() * 4 + Math.floor(now.getUTCMonth() / 3);
  return Array.from({ length: SHOWN }, (_, i) => `${Math.floor((last - i) / 4)}Q${((last - i) % 4) + 1}`);
}

export function quarterText(quarter: string): string {
  const ends = quarter.split("-").map((one) => /^(\d{4})Q([1-4])$/.exec(one));
  const [first, last] = ends;
  if (!first) return quarter;
  const text = (one: RegExpExecArray) => say("reports.quarter", { n: Number(one[2]), year: one[1]! });
  return last ? `${text(first)} – ${text(last)}` : text(first);
}
