// Files for the reader: what a call gives, or what a view shows.
import { send } from "../api/client";

export function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A call's answer as a file, asked for as whoever is signed in.
export async function fetchFile(target: string, name: string): Promise<void> {
  save(name, await (await send("GET", target, {})).blob());
}

// A cell that a spreadsheet would take for a formula is made a text.
function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function saveTable(name: string, rows: (string | number)[][]): void {
  save(name + ".csv", new Blob(["\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" }));
}
