// The control of each kind of field. What is typed is kept as it is, right or not: the checks say what is wrong with it.
import type { JSX } from "preact";
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { DayInput } from "../../parts/day_input";
import { useCountries, useTerms } from "../../words/names";
import { language, say } from "../../words/say";
import type { FieldRow, Kind } from "./fields";

export interface ControlProps {
  row: FieldRow;
  value: unknown;
  change(value: unknown): void;
  attributes: { id: string; class: string; "aria-describedby"?: string; "aria-invalid"?: boolean };
  lang?: string;
}
export type Control = (props: ControlProps) => JSX.Element;

export const text = (value: unknown) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
// 1 200 000 with the spaces or commas of whoever typed it; what is no number stays as it is.
export function amount(typed: string): string | number {
  const bare = typed.replace(/[\s\u00a0\u202f٬,’']/g, "").replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : typed;
}

const Line: Control = ({ value, change, attributes, lang }) => (
  <input {...attributes} value={text(value)} maxLength={500} dir="auto" lang={lang} autocomplete="off" onInput={(event) => change(event.currentTarget.value)} />
);

const LONGEST = 20_000;
const Long: Control = ({ row, value, change, attributes, lang }) => (
  <>
    <textarea {...attributes} value={text(value)} rows={4} maxLength={row.most ?? LONGEST} dir="auto" lang={lang} onInput={(event) => change(event.currentTarget.value)} />
    <span class="small quiet">{say("form.characters", { n: [...text(value)].length, of: row.most ?? LONGEST })}</span>
  </>
);

const Email: Control = ({ value, change, attributes }) => (
  <input {...attributes} type="email" value={text(value)} maxLength={500} dir="ltr" autocomplete="off" onInput={(event) => change(event.currentTarget.value)} />
);

const Whole: Control = ({ value, change, attributes }) => (
  <input {...attributes} value={text(value)} size={8} inputMode="numeric" dir="ltr" autocomplete="off" onInput={(event) => change(amount(event.currentTarget.value))} />
);

export const Codes: Control = ({ value, change, attributes }) => (
  <input {...attributes} value={Array.isArray(value) ? value.join(" ") : text(value)} dir="ltr" autocomplete="off"
    onChange={(event) => change(event.currentTarget.value.split(/[\s,;]+/).filter(Boolean))} />
);

const Day: Control = ({ value, change, attributes }) => (
  <DayInput {...attributes} value={text(value)} change={change} />
);

function Options({ value, change, attributes, options }: ControlProps & { options: [string, string][] }) {
  const now = text(value);
  const known = options.some(([code]) => code === now);
  return (
    <select {...attributes} value={now} onChange={(event) => change(event.currentTarget.value)}>
      <option value="">{say("term.not_stated")}</option>
      {now && !known && <option value={now}>{now}</option>}
      {options.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
    </select>
  );
}

const Choice: Control = (props) => <Options {...props} options={Object.entries(useTerms()?.[props.row.list!] ?? {})} />;

const CountryChoice: Control = (props) => (
  <Options {...props} options={Object.entries(useCountries()?.countries ?? {}).sort((one, two) => one[1].localeCompare(two[1], language.get()))} />
);

const YesNo: Control = (props) => (
  <Options {...props} value={props.value === undefined ? "" : String(props.value)} options={[["true", say("form.yes")], ["false", say("form.no")]]}
    change={(chosen) => props.change(chosen === "" ? undefined : chosen === "true")} />
);

// Who may not see the list of offices or programmes types the code.
const OfficeChoice: Control = (props) => {
  const { data } = useAnswer("offices", (signal) => get("/v1/offices", { signal }));
  return data ? <Options {...props} options={data.offices.map((office) => [office.id, office.name])} /> : <Line {...props} />;
};

// Those that are one control with a label; groups of several are in groups.tsx.
export const CONTROLS: Partial<Record<Kind, Control>> = {
  line: Line, long: Long, email: Email, whole: Whole, codes: Codes, day: Day, choice: Choice, country: CountryChoice, yesno: YesNo,
  office: OfficeChoice,
};
