// One field of the form: its label, what helps, what is wrong with it, and the places in its text that tell who it is.
import type { ComponentChildren } from "preact";
import { Field } from "../../parts/field";
import { say } from "../../words/say";
import { Several } from "./boxes";
import { type FieldRow, fieldId } from "./fields";
import { CONTROLS } from "./inputs";
import { at, type Json, put } from "./members";
import { Entries, Group, Long, Revealed } from "./lazily";
import type { Mark } from "./reveals";

export interface Writing {
  profile: Json;
  change(profile: Json): void;
  wrong: Record<string, string[]>; // by the path of a field
  marks: Mark[];
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function Frame({ row, id, error, children }: { row: FieldRow; id: string; error: string; children(about?: string): ComponentChildren }) {
  const about = [row.hint && id + "-hint", error && id + "-error"].filter(Boolean).join(" ") || undefined;
  return (
    <fieldset class="stack-s">
      <legend>{say(row.label)}</legend>
      {row.hint && <p class="hint" id={id + "-hint"}>{say(row.hint)}</p>}
      {error && <p class="error" id={id + "-error"} dir="auto">{error}</p>}
      {children(about)}
    </fieldset>
  );
}

export function FormField({ row, writing }: { row: FieldRow; writing: Writing }) {
  const { profile } = writing;
  const id = fieldId(row.path), value = at(profile, row.path);
  const lang = typeof profile.lang === "string" ? profile.lang : undefined;
  const change = (next: unknown) => writing.change(put(profile, row.path, next));
  const error = (writing.wrong[row.path] ?? []).join(" ");
  const marks = writing.marks.filter((mark) => mark.member === row.path);
  const label = say(row.label) + (row.must ? " " + say("form.must") : "");
  const Control = CONTROLS[row.kind];
  if (Control)
    return (
      <div class="stack-s">
        <Field id={id} label={label} hint={row.hint && say(row.hint)} error={error && <span dir="auto">{error}</span>}>
          {(attributes) => <Control row={row} value={value} change={change} attributes={attributes} lang={row.kind === "long" || row.kind === "line" ? lang : undefined} />}
        </Field>
        {marks.length > 0 && <Revealed text={String(value ?? "")} marks={marks} lang={lang} />}
      </div>
    );
  if (row.kind === "entries")
    return (
      <Frame row={row} id={id} error={error}>
        {() => (
          <>
            <Entries row={row} id={id} value={value} change={change} lang={lang} />
            {writing.marks.filter((mark) => mark.member.startsWith(row.path + "[")).map((mark) => (
              <Revealed key={mark.member + mark.from} text={textAt(profile, mark.member)} marks={[mark]} lang={lang} />
            ))}
          </>
        )}
      </Frame>
    );
  const attributes = (about?: string) => ({ id, class: "input", "aria-describedby": about, "aria-invalid": error ? true : undefined });
  const Many = row.kind === "several" ? Several : Long;
  return (
    <Frame row={row} id={id} error={error}>
      {(about) =>
        row.kind === "money" || row.kind === "programmes"
          ? <Group row={row} value={value} change={change} attributes={attributes(about)} />
          : <Many id={id} label={say(row.label)} about={about} bad={Boolean(error)} chosen={strings(value)} change={change} list={row.list ?? row.kind} />}
    </Frame>
  );
}

// `references[0].text`
function textAt(profile: Json, member: string): string {
  const value = member.split(/[.[\]]+/).filter(Boolean).reduce<unknown>((of, name) => (of as Record<string, unknown> | undefined)?.[name], profile);
  return typeof value === "string" ? value : "";
}
