// Somebody else has changed it meanwhile: what is there now, member by member, beside what was typed here.
import { say } from "../../words/say";

const WORD: Record<string, string> = {
  name: "column.name", languages: "column.languages", mail: "column.mail", working_time: "column.working_time", head: "column.head",
  deputies: "column.deputies", duty: "column.duty", reviews: "column.reviews", language: "column.language", organisation: "column.organisation",
  deputy: "column.deputy", absence: "column.absence", ends: "column.ends", heir: "column.heir",
};

const written = (value: unknown): string =>
  value === undefined || value === null ? "–"
    : Array.isArray(value) ? value.map(written).join(", ")
      : typeof value === "object" ? Object.values(value).map(written).join(" · ") : String(value);

export function Theirs<T extends object>({ mine, theirs, onMine }: { mine: T; theirs: T; onMine(): void }) {
  const here = mine as Record<string, unknown>, there = theirs as Record<string, unknown>;
  const changed = Object.keys(WORD).filter((name) => JSON.stringify(here[name] ?? null) !== JSON.stringify(there[name] ?? null));
  return (
    <section class="notice warn">
      <div class="stack-s">
        <p>{say("offices.theirs")}</p>
        <dl class="facts">
          {changed.map((name) => <div class="fact" key={name}><dt>{say(WORD[name]!)}</dt><dd><bdi>{written(there[name])}</bdi></dd></div>)}
        </dl>
        <button type="button" class="button small" onClick={onMine}>{say("offices.mine_then")}</button>
      </div>
    </section>
  );
}
