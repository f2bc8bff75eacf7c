// A table that scrolls by itself where there is no room, reachable by keyboard. The first cell of a row names it.
import type { ComponentChildren } from "preact";

interface Column {
  head: string;
  number?: boolean;
}

export function Table({ label, columns, rows }: { label: string; columns: Column[]; rows: ComponentChildren[][] }) {
  const look = (i: number) => (columns[i]?.number ? "num" : undefined);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead><tr>{columns.map((column, i) => <th key={i} scope="col" class={look(i)}>{column.head}</th>)}</tr></thead>
        <tbody>
          {rows.map((cells, r) => (
            <tr key={r}>{cells.map((cell, i) => (i ? <td key={i} class={look(i)}>{cell}</td> : <th key={i} scope="row">{cell}</th>))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
