// The control of each kind of field. What is typed is kept as it is, right or not: the checks say what is wrong with it.
import type { JSX } from "preact";
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { useCountries, useTerms } from "../../words/names";
import { language, number, say } from "../../words/say";
import { at, isJson, type Json, put } from "./members";
import type { FieldRow, Kind } from "./fields";

export interface ControlProps {
  row: FieldRow;
  value: unknown;
  change(value: unknown): void;
  attributes: { id: string; class: string; "aria-describedby"?: string; "aria-invalid"?: boolean };
  lang?: string;
}
type Control = (props: ControlProps) => JSX.Element;

const text = (value: unknown) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
// 1 200 000 with the spaces or commas of whoever typed it; what is no number stays as it is.
function amount(typed: string): string | number {
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

const Codes: Control = ({ value, change, attributes }) => (
  <input {...attributes} value={Array.isArray(value) ? value.join(" ") : text(value)} dir="ltr" autocomplete="off"
    onChange={(event) => change(event.currentTarget.value.split(/[\s,;]+/).filter(Boolean))} />
);

const Day: Control = ({ value, change, attributes }) => (
  <input {...attributes} class="input" size={10} type="date" value={text(value)} onInput={(event) => change(event.currentTarget.value)} />
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

const Programmes: Control = (props) => {
  const { data } = useAnswer("programmes", (signal) => get("/v1/programmes", { signal }));
  const chosen = Array.isArray(props.value) ? (props.value as string[]) : [];
  if (!data) return <Codes {...props} />;
  return (
    <div class="stack-s" id={props.attributes.id} tabIndex={-1}>
      {data.programmes.map(({ slug, name }) => (
        <label class="check" key={slug}>
          <input type="checkbox" checked={chosen.includes(slug)}
            onChange={() => props.change(chosen.includes(slug) ? chosen.filter((one) => one !== slug) : [...chosen, slug])} /> {name}
        </label>
      ))}
    </div>
  );
};

const INSTRUMENTS = ["equity", "loan", "guarantee", "grant"];
const Money: Control = ({ row, value, change, attributes }) => {
  const terms = useTerms();
  const money: Json = isJson(value) ? value : {};
  const set = (name: string, next: unknown) => change(put(money, name, next));
  const end = (name: "min" | "max", id: string) => (
    <span class="row">
      <label class="m" for={id}>{say(name === "min" ? "column.from" : "column.to")}</label>
      <input class="input num" id={id} size={11} inputMode="numeric" dir="ltr" autocomplete="off" aria-invalid={attributes["aria-invalid"]}
        value={typeof money[name] === "number" ? number(money[name]) : text(money[name])} onChange={(event) => set(name, amount(event.currentTarget.value))} />
    </span>
  );
  const instruments = Array.isArray(money.instruments) ? (money.instruments as string[]) : [];
  return (
    <>
      <div class="row" aria-describedby={attributes["aria-describedby"]}>
        {end("min", attributes.id)}
        {end("max", attributes.id + "-to")}
        <input class="input" size={4} maxLength={3} dir="ltr" aria-label={say("form.currency_of", { list: say(row.label) })} placeholder="EUR" value={text(at(money, "currency"))}
          onInput={(event) => set("currency", event.currentTarget.value.toUpperCase())} />
      </div>
      <div class="row">
        {INSTRUMENTS.map((code) => (
          <label class="check" key={code}>
            <input type="checkbox" checked={instruments.includes(code)}
              onChange={() => set("instruments", instruments.includes(code) ? instruments.filter((one) => one !== code) : [...instruments, code])} />{" "}
            {terms?.cooperation?.[code] ?? code}
          </label>
        ))}
      </div>
    </>
  );
};

// Those that are one control with a label; the rest are groups of several.
export const CONTROLS: Partial<Record<Kind, Control>> = {
  line: Line, long: Long, email: Email, whole: Whole, codes: Codes, day: Day, choice: Choice, country: CountryChoice, yesno: YesNo,
  office: OfficeChoice,
};
export const GROUPS: Partial<Record<Kind, Control>> = { money: Money, programmes: Programmes };
