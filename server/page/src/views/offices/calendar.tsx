// When an office works: country, time zone, hours, free days of the week, single days on which it is closed or open.
import { useId, useState } from "preact/hooks";
import type { Problem, Schemas } from "../../api/client";
import { DayInput } from "../../parts/day_input";
import { Field } from "../../parts/field";
import { wrongIn } from "../../parts/saving";
import { dayText } from "../../words/dates";
import { say } from "../../words/say";
import { CountryChoice } from "../../parts/country_choice";
import { Checks, TimeZones, WEEKDAYS, weekdayName } from "./choices";

type Time = Schemas["WorkingTime"];

function ClosedDays({ time, onChange }: { time: Time; onChange(next: Time): void }) {
  const [day, setDay] = useState(""), [name, setName] = useState("");
  const closed = time.closed_on ?? [];
  const put = (next: typeof closed) => onChange({ ...time, closed_on: next.length ? next : undefined });
  const add = () => {
    if (!day || !name.trim()) return;
    put([...closed.filter((one) => one.day !== day), { day, name: name.trim() }].sort((one, other) => one.day.localeCompare(other.day)));
    setDay("");
    setName("");
  };
  return (
    <fieldset class="stack-s">
      <legend>{say("column.closed_on")}</legend>
      <p class="hint">{say("offices.closed_hint")}</p>
      {closed.length > 0 && (
        <ul class="row">
          {closed.map((one) => (
            <li key={one.day}>
              <button type="button" class="chip" aria-label={say("offices.leave_out", { name: dayText(one.day) })} onClick={() => put(closed.filter((other) => other !== one))}>
                <time dateTime={one.day}>{dayText(one.day)}</time> <bdi>{one.name}</bdi> ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <DayInput aria-label={`${say("column.day")}: ${say("column.closed_on")}`} value={day} change={setDay} />
        <input class="input" size={20} aria-label={say("offices.why_closed")} placeholder={say("offices.why_closed")} maxLength={200} dir="auto" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        <button type="button" class="button small" onClick={add}>{say("offices.add")}<span class="hidden">: {say("column.closed_on")}</span></button>
      </div>
    </fieldset>
  );
}

function OpenDays({ time, onChange }: { time: Time; onChange(next: Time): void }) {
  const [day, setDay] = useState("");
  const open = time.open_on ?? [];
  const put = (next: string[]) => onChange({ ...time, open_on: next.length ? next : undefined });
  const add = () => {
    if (day) put([...new Set([...open, day])].sort());
    setDay("");
  };
  return (
    <fieldset class="stack-s">
      <legend>{say("column.open_on")}</legend>
      {open.length > 0 && (
        <ul class="row">
          {open.map((one) => (
            <li key={one}>
              <button type="button" class="chip" aria-label={say("offices.leave_out", { name: dayText(one) })} onClick={() => put(open.filter((other) => other !== one))}><time dateTime={one}>{dayText(one)}</time> ✕</button>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <DayInput aria-label={`${say("column.day")}: ${say("column.open_on")}`} value={day} change={setDay} />
        <button type="button" class="button small" onClick={add}>{say("offices.add")}<span class="hidden">: {say("column.open_on")}</span></button>
      </div>
    </fieldset>
  );
}

export function CalendarFields({ time, problem, onChange }: { time: Time; problem: Problem | null; onChange(next: Time): void }) {
  const zones = useId();
  const change = (part: Partial<Time>) => onChange({ ...time, ...part });
  const wrong = (name: string) => wrongIn(problem, "office.working_time." + name);
  return (
    <>
      <div class="row top">
        <Field label={say("column.country")} error={wrong("country")}>
          {(attributes) => <CountryChoice attributes={attributes} required value={time.country} none={say("offices.choose")} onChange={(country) => change({ country })} />}
        </Field>
        <Field label={say("column.time_zone")} error={wrong("time_zone")}>
          {(attributes) => <input {...attributes} list={zones} dir="ltr" required size={24} value={time.time_zone} onInput={(event) => change({ time_zone: event.currentTarget.value })} />}
        </Field>
        <TimeZones id={zones} />
        <Field label={say("column.opens")} error={wrong("opens")}>
          {(attributes) => <input {...attributes} type="time" size={8} required value={time.opens ?? ""} onInput={(event) => change({ opens: event.currentTarget.value })} />}
        </Field>
        <Field label={say("column.closes")} error={wrong("closes")}>
          {(attributes) => <input {...attributes} type="time" size={8} required value={time.closes ?? ""} onInput={(event) => change({ closes: event.currentTarget.value })} />}
        </Field>
      </div>
      <label class="check">
        <input type="checkbox" checked={time.free === undefined} onChange={(event) => change({ free: event.currentTarget.checked ? undefined : ["saturday", "sunday"] })} />
        <span>{say("offices.free_as_country")}</span>
      </label>
      {time.free && <Checks legend={say("column.free")} all={WEEKDAYS} name={weekdayName} chosen={time.free} onChange={(free) => change({ free })} />}
      <ClosedDays time={time} onChange={onChange} />
      <OpenDays time={time} onChange={onChange} />
    </>
  );
}
