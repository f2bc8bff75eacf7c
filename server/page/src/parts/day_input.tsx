// A day, chosen as the browser offers it. Browsers write 03/04 or 04/03 as their own language has it; the same stands beside it
// with the month as a word, in the language of the page.
import { dayText } from "../words/dates";

interface Props {
  value: string;
  required?: boolean;
  id?: string;
  "aria-label"?: string; // where no label stands above it
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  change(day: string): void;
}

export function DayInput({ value, change, ...attributes }: Props) {
  return (
    <span class="row">
      <input class="input" size={12} {...attributes} type="date" value={value} onInput={(event) => change(event.currentTarget.value)} />
      <output class="m quiet">{Date.parse(value) ? dayText(value) : ""}</output>
    </span>
  );
}
