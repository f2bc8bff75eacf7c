// Where those who qualify are: the map comes when it is opened, the same numbers stand in the choice of countries.
import { useState } from "preact/hooks";
import { lazy } from "../../parts/lazy";
import { place } from "../../shell/place";
import { say } from "../../words/say";
import type { Matches } from "./answers";

const HitMap = lazy(() => import("./hit_map").then((script) => script.HitMap), ["page_map"]);

export type Counts = Record<string, number>;

// Of a field that was counted.
export const countsOf = (matches: Matches | null, field: string): Counts =>
  Object.fromEntries((matches?.facets?.[field] ?? []).map(({ key, count }) => [key, count]));

// A country is counted under its own code and under its groups'; of these the map and the list know nothing.
export const countriesOf = (counts: Counts): Counts => Object.fromEntries(Object.entries(counts).filter(([key]) => /^[A-Z]{2}$/.test(key)));

export function Hits({ counts }: { counts: Counts }) {
  const [open, setOpen] = useState(() => place.get().query.has("map"));
  if (Object.keys(counts).length < 2) return null;
  return (
    <details class="card flush noprint hits" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("search.where")}</summary>
      <div class="inner">{open && <HitMap counts={counts} />}</div>
    </details>
  );
}
