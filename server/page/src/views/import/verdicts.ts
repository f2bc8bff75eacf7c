// What became of each row, of whatever form the file was.
import type { Schemas } from "../../api/client";
import { say } from "../../words/say";
import { type Line, linesOfCsv, linesOfWorkbook } from "./tables";

export type Status = Schemas["ImportVerdict"]["status"];

export interface Verdict {
  line: number;
  status: Status;
  about: string; // by which the reader knows the row
  id?: string;
  mend: string;
}

export const STATUS_WORD: Record<Status, string> = {
  created: "import.verdict.created", replaced: "import.verdict.replaced", unchanged: "import.verdict.unchanged", held: "import.verdict.held", refused: "import.verdict.refused",
};
const STATUSES = Object.keys(STATUS_WORD) as Status[];

export interface Kind {
  ending: string;
  media: string;
  givenBack: boolean; // as a file with the verdicts in it
}

export const KINDS: readonly Kind[] = [
  { ending: ".xlsx", media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", givenBack: true },
  { ending: ".csv", media: "text/csv", givenBack: true },
  { ending: ".jsonl", media: "application/x-ndjson", givenBack: false },
];

export const kindOf = (name: string): Kind | undefined => KINDS.find((kind) => name.toLowerCase().endsWith(kind.ending));

const ABOUT = 3; // cells that a row is known by

// The server has put two columns beside the others: the verdict, then what to mend. It says the verdicts in the reader's words.
function ofTable(lines: readonly Line[]): Verdict[] {
  const codes = new Map(STATUSES.map((status) => [say(STATUS_WORD[status]), status]));
  const column = Math.max(...lines.map((line) => line.cells.findLastIndex((cell) => codes.has(cell))), -1);
  return lines.flatMap((line) => {
    const status = codes.get(line.cells[column] ?? "");
    if (!status) return [];
    const own = line.cells.filter((cell, i) => cell && i !== column && i !== column + 1);
    return [{ line: line.number, status, about: own.slice(0, ABOUT).join(" · "), mend: line.cells[column + 1] ?? "" }];
  });
}

type Row = Schemas["ImportVerdict"];
type Said = { member?: string; detail?: string; remedy?: string };

const sentence = ({ member, detail, remedy }: Said) => (member ? member + ": " : "") + [detail, remedy].filter(Boolean).join(" – ");

const ofLines = (text: string): Verdict[] =>
  text.split("\n").filter(Boolean).map((line) => {
    const row = JSON.parse(line) as Row;
    const said: Said[] = [...(row.status === "refused" ? [row] : []), ...(row.also ?? []), ...(row.remarks ?? [])];
    return { line: row.line, status: row.status, about: row.id ?? "", id: row.id, mend: said.map(sentence).join("  ") };
  });

export async function verdictsIn(file: Blob, kind: Kind): Promise<Verdict[]> {
  if (!kind.givenBack) return ofLines(await file.text());
  return ofTable(kind.ending === ".csv" ? linesOfCsv(await file.text()) : await linesOfWorkbook(file));
}
