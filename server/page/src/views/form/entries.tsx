// Entries of a list, each with its parts: references, numbers in registers.
import { Field } from "../../parts/field";
import { say } from "../../words/say";
import type { FieldRow } from "./fields";
import { CONTROLS } from "./inputs";
import { isJson, type Json, put } from "./members";

interface Props {
  row: FieldRow;
  id: string;
  value: unknown;
  change(value: unknown): void;
  lang?: string;
}

export function Entries({ row, id, value, change, lang }: Props) {
  const entries = (Array.isArray(value) ? value : []).filter(isJson);
  const set = (i: number, entry: Json | null) => change(entry ? entries.map((one, n) => (n === i ? entry : one)) : entries.filter((_, n) => n !== i));
  return (
    <>
      {entries.length > 0 && (
        <ol class="stack">
          {entries.map((entry, i) => (
            <li key={i} class="card stack-s">
              {row.parts!.map((part) => {
                const Control = CONTROLS[part.kind]!;
                return (
                  <Field key={part.path} id={`${id}-${i}-${part.path}`} label={say("form.of_entry", { part: say(part.label), n: i + 1 })}>
                    {(attributes) => <Control row={part} value={entry[part.path]} change={(next) => set(i, put(entry, part.path, next))} attributes={attributes} lang={lang} />}
                  </Field>
                );
              })}
              <button type="button" class="button small" onClick={() => set(i, null)}>{say("form.remove_entry", { list: say(row.label), n: i + 1 })}</button>
            </li>
          ))}
        </ol>
      )}
      <button type="button" class="button" id={id} onClick={() => change([...entries, {}])}>{say("form.add_entry", { list: say(row.label) })}</button>
    </>
  );
}
