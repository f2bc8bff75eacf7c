// What forms of the administration choose from: countries, time zones, days of the week, languages.
import type { ComponentChildren } from "preact";
import { LANGUAGES, locale, say } from "../../words/say";

export function TimeZones({ id }: { id: string }) {
  return <datalist id={id}>{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>;
}

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
export const weekdayName = (day: Weekday): string =>
  new Intl.DateTimeFormat(locale(), { weekday: "long", timeZone: "UTC" }).format(A_MONDAY + WEEKDAYS.indexOf(day) * DAY);

export function LanguageOptions() {
  return <>{Object.entries(LANGUAGES).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}</>;
}

// A closed list of which some are chosen.
export function Checks<T extends string>({ legend, all, name, chosen, onChange }: { legend: string; all: readonly T[]; name(one: T): ComponentChildren; chosen: readonly T[]; onChange(next: T[]): void }) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="row">
        {all.map((one) => (
          <label class="check" key={one}>
            <input type="checkbox" checked={chosen.includes(one)} onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))} />
            <span>{name(one)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

// Desks in an order: each can go, another comes last.
export function DeskOrder({ legend, hint, desks, chosen, onChange }: { legend: string; hint: string; desks: readonly { id: string; name: string }[]; chosen: readonly string[]; onChange(next: string[]): void }) {
  const left = desks.filter((desk) => !chosen.includes(desk.id));
  return (
    <fieldset class="stack-s">
      <legend>{legend}</legend>
      <p class="hint">{hint}</p>
      {chosen.length > 0 && (
        <ol class="row">
          {chosen.map((id) => {
            const name = desks.find((desk) => desk.id === id)?.name ?? id;
            return (
              <li key={id}>
                <button type="button" class="chip" onClick={() => onChange(chosen.filter((other) => other !== id))} aria-label={say("offices.leave_out", { name })}><bdi>{name}</bdi> ✕</button>
              </li>
            );
          })}
        </ol>
      )}
      {left.length > 0 && (
        <select class="input" value="" aria-label={say("offices.add_to", { list: legend })} onChange={(event) => event.currentTarget.value && onChange([...chosen, event.currentTarget.value])}>
          <option value="">{say("offices.add")}</option>
          {left.map((desk) => <option key={desk.id} value={desk.id}>{desk.name}</option>)}
        </select>
      )}
    </fieldset>
  );
}
