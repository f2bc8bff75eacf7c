// Where a text is from: title, address, date.
import type { Problem, Schemas } from "../../api/client";
import { DayInput } from "../../parts/day_input";
import { wrongIn } from "../../parts/saving";
import { say } from "../../words/say";

export type Source = Schemas["BriefSource"];

const MOST = 50;

export function SourceFields({ sources, problem, onChange }: { sources: Source[]; problem: Problem | null; onChange(next: Source[]): void }) {
  const change = (i: number, part: Partial<Source>) => onChange(sources.map((one, j) => (i === j ? { ...one, ...part } : one)));
  return (
    <fieldset class="stack-s">
      <legend>{say("brief.sources")}</legend>
      {sources.map((source, i) => {
        const n = i + 1;
        const wrong = ["", ".title", ".address", ".date"].map((name) => wrongIn(problem, `sources[${i}]${name}`)).find(Boolean);
        return (
          <div class="row top" key={i}>
            <input class="input grow" aria-label={say("brief.source_title", { n })} placeholder={say("column.title")} required maxLength={500} dir="auto" value={source.title} onInput={(event) => change(i, { title: event.currentTarget.value })} />
            <input class="input grow" aria-label={say("brief.source_address", { n })} placeholder="https://" maxLength={500} dir="ltr" value={source.address ?? ""} onInput={(event) => change(i, { address: event.currentTarget.value })} />
            <DayInput aria-label={say("brief.source_date", { n })} required value={source.date} change={(date) => change(i, { date })} />
            <button type="button" class="button bare" aria-label={say("brief.source_out", { n })} onClick={() => onChange(sources.filter((_, j) => j !== i))}>✕</button>
            {wrong && <p class="error">{wrong}</p>}
          </div>
        );
      })}
      {sources.length < MOST && <p><button type="button" class="button small" onClick={() => onChange([...sources, { title: "", date: "" }])}>{say("brief.add_source")}</button></p>}
    </fieldset>
  );
}
