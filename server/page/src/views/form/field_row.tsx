// One field of the form: its label, what helps, what is wrong with it, and the places in its text that tell who it is.
import type { ComponentChildren } from "preact";
import { Field } from "../../parts/field";
import { say } from "../../words/say";
import { Places, Sectors, Several } from "./choose_many";
import { type FieldRow, fieldId } from "./fields";
import { CONTROLS, GROUPS } from "./inputs";
import { at, type Json, put } from "./members";
import { Entries } from "./lazily";
import { type Mark, Revealed } from "./reveals";

export interface Writing {
  profile: Json;
  change(profile: Json): void;
  wrong: Record<string, string[]>; // by the path of a field
  marks: Mark[];
}

const MANY = { several: Several, places: Places, sectors: Sectors };
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function Group({ row, id, error, children }: { row: FieldRow; id: string; error: string; children(about?: string): ComponentChildren }) {
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
      <Group row={row} id={id} error={error}>
        {() => (
          <>
            <Entries row={row} id={id} value={value} change={change} lang={lang} />
            {writing.marks.filter((mark) => mark.member.startsWith(row.path + "[")).map((mark) => (
              <Revealed key={mark.member + mark.from} text={textAt(profile, mark.member)} marks={[mark]} lang={lang} />
            ))}
          </>
        )}
      </Group>
    );
  const GroupControl = GROUPS[row.kind];
  const attributes = (about?: string) => ({ id, class: "input", "aria-describedby": about, "aria-invalid": error ? true : undefined });
  const Many = MANY[row.kind as keyof typeof MANY];
  return (
    <Group row={row} id={id} error={error}>
      {(about) =>
        GroupControl
          ? <GroupControl row={row} value={value} change={change} attributes={attributes(about)} />
          : <Many id={id} label={say(row.label)} about={about} bad={Boolean(error)} chosen={strings(value)} change={change} list={row.list ?? ""} />}
    </Group>
  );
}

// `references[0].text`
function textAt(profile: Json, member: string): string {
  const value = member.split(/[.[\]]+/).filter(Boolean).reduce<unknown>((of, name) => (of as Record<string, unknown> | undefined)?.[name], profile);
  return typeof value === "string" ? value : "";
}
