// The form itself: its steps, and the fields of the one that is open.
import type { ComponentChildren } from "preact";
import { go, type Place } from "../../shell/place";
import { say } from "../../words/say";
import { stepHref, useFieldFocus } from "./field_link";
import { FormField, type Writing } from "./field_row";
import { FIELDS, type FieldRow, type Kind, STEPS } from "./fields";

export const stepOf = (place: Place): number => Math.min(STEPS.length, Math.max(1, Number.parseInt(place.query.get("step") ?? "1", 10) || 1));

export function Steps({ step }: { step: number }) {
  return (
    <ol class="steps" aria-label={say("form.steps")}>
      {STEPS.map((word, i) => (
        <li key={word} class={i + 1 < step ? "done" : undefined} aria-current={i + 1 === step ? "step" : undefined}>
          {i + 1 === step ? say(word) : <a href={stepHref(i + 1)}>{say(word)}</a>}
        </li>
      ))}
    </ol>
  );
}

// Short ones stand two by two where there is room.
const SHORT: Kind[] = ["choice", "whole", "yesno", "day", "country", "office"];
function inRows(rows: FieldRow[]): FieldRow[][] {
  const out: FieldRow[][] = [];
  for (const row of rows) {
    const last = out.at(-1);
    if (last && SHORT.includes(row.kind) && last.every((one) => SHORT.includes(one.kind))) last.push(row);
    else out.push([row]);
  }
  return out;
}

interface Props {
  step: number;
  writing: Writing;
  officer: boolean;
  top?: ComponentChildren; // before the first field of the step
  last: ComponentChildren; // instead of "go on" on the last step
}

export function Body({ step, writing, officer, top, last }: Props) {
  useFieldFocus();
  const rows = FIELDS.filter((row) => row.step === step && (officer || !row.officers) && (!row.of || row.of === writing.profile.kind));
  const on = (event: Event) => {
    event.preventDefault();
    if (step < STEPS.length) go(stepHref(step + 1));
  };
  return (
    <form class="stack" noValidate onSubmit={on} aria-label={say(STEPS[step - 1]!)}>
      {top}
      <section class="card grouped">
        {inRows(rows).map((group) =>
          group.length === 1
            ? <FormField key={group[0]!.path} row={group[0]!} writing={writing} />
            : <div key={group[0]!.path} class="two">{group.map((row) => <FormField key={row.path} row={row} writing={writing} />)}</div>)}
      </section>
      {step === STEPS.length ? last : (
        <div class="row">
          <button type="submit" class="button main">{say("form.go_on")}</button>
          {step > 1 && <a class="button" href={stepHref(step - 1)}>{say("form.back")}</a>}
        </div>
      )}
    </form>
  );
}
