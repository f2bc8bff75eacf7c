// The world as equal squares, one a country: no border is drawn, and a small island is as large as a continent. Where each
// stands is datasets/taxonomy/tiles.txt. West stays on the left in every language. On a phone the table beside it has the numbers.
import { useMemo, useRef, useState } from "preact/hooks";
import layout from "../../../../datasets/taxonomy/tiles.txt";
import { useCountries } from "../words/names";
import { list, number } from "../words/say";

interface Square {
  code: string;
  row: number;
  column: number;
}

const squares: Square[] = layout.trim().split("\n").flatMap((line, row) =>
  line.split(" ").flatMap((code, column) => (code === ".." ? [] : [{ code, row, column }])));
const rows = Math.max(...squares.map((one) => one.row)) + 1;

// From how many on a square is darker; a legend says the same.
export const LEVELS = [1, 5, 20];
export const levelOf = (count: number) => LEVELS.filter((least) => count >= least).length;

// Where an arrow leads: the nearest square on that side, straight ahead before aside.
function next(from: Square, key: string): Square | undefined {
  const along = key === "ArrowLeft" || key === "ArrowRight" ? "column" : "row";
  const across = along === "column" ? "row" : "column";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const cost = (one: Square) => Math.abs(one[along] - from[along]) + 3 * Math.abs(one[across] - from[across]);
  return squares.filter((one) => (one[along] - from[along]) * sign > 0).sort((one, two) => cost(one) - cost(two))[0];
}
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export interface MapProps {
  label: string;
  counts: Record<string, number>;
  say: (count: number, code: string) => string; // after the country's name, for a reader
  href: (code: string) => string;
  chosen?: string;
  missing?: ReadonlySet<string>; // marked: none is there, and it matters
}

export function TileMap({ label, counts, say, href, chosen, missing }: MapProps) {
  const names = useCountries();
  const box = useRef<HTMLDivElement>(null);
  const first = useMemo(() => squares.find((one) => one.code === chosen) ?? squares.find((one) => counts[one.code]) ?? squares[0]!, [chosen, counts]);
  const [active, setActive] = useState<Square | null>(null);
  const reached = active ?? first;
  const move = (event: KeyboardEvent) => {
    if (!ARROWS.includes(event.key)) return;
    event.preventDefault();
    const to = next(reached, event.key);
    if (!to) return;
    setActive(to);
    box.current?.querySelector<HTMLElement>(`[data-code=${to.code}]`)?.focus();
  };
  const square = (one: Square) => {
    const { code } = one, count = counts[code] ?? 0;
    const told = list([names?.countries[code] ?? code, ...(names?.marks[code] ?? [])]) + ": " + say(count, code);
    return (
      <span role="gridcell" key={code} aria-colindex={one.column + 1} ref={(cell) => cell?.style.setProperty("grid-area", `${one.row + 1} / ${one.column + 1}`)}>
        <a href={href(code)} data-code={code} class={`h${levelOf(count)}${missing?.has(code) ? " missing" : ""}`} tabIndex={code === reached.code ? 0 : -1}
          aria-current={code === chosen ? "true" : undefined} title={told} onFocus={() => setActive(one)}>
          <span aria-hidden="true">{code}</span>{count > 0 && <b aria-hidden="true">{number(count)}</b>}<span class="hidden">{told}</span>
        </a>
      </span>
    );
  };
  return (
    <div class="tiles" dir="ltr" role="grid" aria-label={label} aria-rowcount={rows} ref={box} onKeyDown={move}>
      {Array.from({ length: rows }, (_, row) => (
        <div role="row" key={row} aria-rowindex={row + 1}>{squares.filter((one) => one.row === row).map(square)}</div>
      ))}
    </div>
  );
}
