// How each kind of fact is asked for. What is typed stays as typed; the form makes the body of it.
import type { JSX } from "preact";
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { DayInput } from "../../parts/day_input";
import { Field } from "../../parts/field";
import { say } from "../../words/say";
import type { Acting } from "./acting";
import { codeWord, FACTS, FOUND, type FactRow } from "./facts";
import { type Case, type Facts, titleOf, useWords, type Words } from "./model";

export interface Asked {
  fact: string;
  required: boolean;
  one_of?: string[];
  value: unknown;
  error?: string;
  change(value: unknown): void;
}
interface Around {
  item: Pick<Case, "from" | "to"> & { kind: string };
  verb: string;
  acting: Acting;
}
type Props = Asked & Around & { row: FactRow; words: Words };

const CURRENCIES = ["USD", "EUR", "CHF", "CNY", "GBP", "JPY", "XOF", "XAF", "KES", "NGN", "ZAR", "INR", "BRL", "SAR", "RUB"];
const LONG = 4000;

function Labelled({ props, children }: { props: Asked & { label: string; hint?: string }; children: Parameters<typeof Field>[0]["children"] }) {
  const label = props.required ? props.label : say("casework.if_any", { what: props.label });
  return <Field label={label} hint={props.hint} error={props.error}>{children}</Field>;
}
const named = (props: Props) => ({ ...props, label: say(props.row.word), hint: props.row.hint && say(props.row.hint) });

function Choice({ asked, options }: { asked: Asked & { label: string; hint?: string }; options: [string, string][] }) {
  return (
    <Labelled props={asked}>
      {(attributes) => (
        <select {...attributes} required={asked.required} value={String(asked.value ?? "")} onChange={(event) => asked.change(event.currentTarget.value)}>
          <option value="">{say("casework.choose")}</option>
          {options.map(([code, word]) => <option key={code} value={code}>{word}</option>)}
        </select>
      )}
    </Labelled>
  );
}

function Line(props: Props & { type?: "number"; step?: string; suggest?: string[] }) {
  const shape = props.type === "number" ? { inputMode: "decimal" as const, min: 0, step: props.step } : {};
  return (
    <Labelled props={named(props)}>
      {(attributes) => (
        <>
          <input {...attributes} {...shape} type={props.type ?? "text"} required={props.required} value={String(props.value ?? "")} dir={props.type ? undefined : "auto"}
            list={props.suggest && attributes.id + "-list"} maxLength={props.type ? undefined : 128} onInput={(event) => props.change(event.currentTarget.value)} />
          {props.suggest && <datalist id={attributes.id + "-list"}>{props.suggest.map((one) => <option key={one} value={one} />)}</datalist>}
        </>
      )}
    </Labelled>
  );
}

export function Text({ rows = 3, ...asked }: Asked & { label: string; hint?: string; rows?: number }) {
  return (
    <Labelled props={asked}>
      {(attributes) => (
        <textarea {...attributes} rows={rows} dir="auto" maxLength={LONG} required={asked.required} value={String(asked.value ?? "")}
          onInput={(event) => asked.change(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

// An id, and at once whose it is.
function ProfileOf(props: Props) {
  const id = String(props.value ?? "").trim();
  const { data, problem } = useAnswer(/^[\w:.-]{3,128}$/.test(id) ? "profile " + id : null, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  const found = data && data.id === id ? titleOf({ profile: id, title: data.title }) : "";
  return (
    <Field label={props.required ? say(props.row.word) : say("casework.if_any", { what: say(props.row.word) })} hint={say("casework.profile_id")}
      error={props.error ?? (problem?.trouble === "gone" ? say("casework.no_profile") : undefined)} ok={found && <bdi>{found}</bdi>}>
      {(attributes) => <input {...attributes} dir="ltr" required={props.required} value={String(props.value ?? "")} maxLength={128} onInput={(event) => props.change(event.currentTarget.value)} />}
    </Field>
  );
}

function Several(props: Props) {
  const chosen = (props.value as string[] | undefined) ?? [];
  return (
    <fieldset class="stack-s">
      <legend>{say(props.row.word)}</legend>
      {props.error && <span class="error">{props.error}</span>}
      <div class="row">
        {props.words.listed(props.row.list!).map(([code, word]) => (
          <label key={code} class="check">
            <input type="checkbox" checked={chosen.includes(code)} onChange={(event) => props.change(event.currentTarget.checked ? [...chosen, code] : chosen.filter((one) => one !== code))} /> {word}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

type Pairs = Record<string, string>[];

// A criterion and its points, a row each.
function Marks(props: Props) {
  const rows = (props.value as Pairs | undefined) ?? [{}];
  const set = (at: number, name: string, value: string) => props.change(rows.map((row, i) => (i === at ? { ...row, [name]: value } : row)));
  return (
    <fieldset class="stack-s">
      <legend>{say(props.row.word)}</legend>
      <p class="hint">{say(props.row.hint!)}</p>
      {props.error && <span class="error">{props.error}</span>}
      {rows.map((row, i) => (
        <div class="row top" key={i}>
          <Field label={`${say("casework.criterion")} ${i + 1}`} grow>
            {(attributes) => <input {...attributes} dir="ltr" value={row.criterion ?? ""} maxLength={64} onInput={(event) => set(i, "criterion", event.currentTarget.value)} />}
          </Field>
          <Field label={`${say("column.points")} ${i + 1}`}>
            {(attributes) => <input {...attributes} type="number" min={0} max={5} step={1} value={row.points ?? ""} onInput={(event) => set(i, "points", event.currentTarget.value)} />}
          </Field>
        </div>
      ))}
      <button type="button" class="button small" onClick={() => props.change([...rows, {}])}>{say("casework.one_more")}</button>
    </fieldset>
  );
}

function DeskOf(props: Props) {
  const { directory, office } = props.acting;
  const desks = directory?.desks.filter((desk) => !office || desk.office === office) ?? [];
  return <Choice asked={named(props)} options={desks.map((desk) => [desk.id, desk.name])} />;
}

const options = (props: Props): [string, string][] =>
  props.row.list === "found" ? Object.keys(FOUND).map((code) => [code, codeWord(props.row, code, props.words)]) : props.words.listed(props.row.list!);

// Of the facts that an act of a case can ask for; points and comments of a review are given on its card.
const CONTROLS: Partial<Record<FactRow["kind"], (props: Props) => JSX.Element>> = {
  text: (props) => <Text {...named(props)} />,
  line: (props) => <Line {...props} />,
  number: (props) => <Line {...props} type="number" step="any" />,
  count: (props) => <Line {...props} type="number" step="1" />,
  day: (props) => <Labelled props={named(props)}>{(attributes) => <DayInput {...attributes} required={props.required} value={String(props.value ?? "")} change={props.change} />}</Labelled>,
  currency: (props) => <Line {...props} suggest={CURRENCIES} />,
  code: (props) => <Choice asked={named(props)} options={options(props)} />,
  codes: Several,
  desk: DeskOf,
  profile: ProfileOf,
  profiles: (props) => <Text {...named(props)} />,
  either: (props) => <Choice asked={named(props)} options={[props.item.from, props.item.to].map((party) => [party.profile, titleOf(party)])} />,
  marks: Marks,
};

export function FactField(props: Asked & Around) {
  const words = useWords();
  if (props.fact === "reason") {
    const options = (props.one_of ?? []).map((code): [string, string] => [code, words.reason(props.item.kind, props.verb, code)]);
    return <Choice asked={{ ...props, label: say("column.reason") }} options={options} />;
  }
  const row = FACTS[props.fact], Control = row && CONTROLS[row.kind];
  return Control ? <Control {...props} row={row} words={words} /> : <Text {...props} label={row ? say(row.word) : props.fact} />;
}

// What the server takes of what was typed. Nothing is sent of what stays empty.
const marks = (rows: Pairs) => rows.filter((row) => row.criterion).map(({ criterion, points }) => ({ criterion, points: Number(points) }));
const READ: Partial<Record<FactRow["kind"], (value: never) => unknown>> = {
  number: (value: string) => Number(value),
  count: (value: string) => Number(value),
  currency: (value: string) => value.trim().toUpperCase(),
  profile: (value: string) => value.trim(),
  profiles: (value: string) => value.split(/[\s,;]+/).filter(Boolean),
  marks,
};

export function factsOf(typed: Facts, asked: string[]): Facts {
  const facts: Facts = {};
  for (const name of asked) {
    const value = typed[name], kind = FACTS[name]?.kind;
    if (value === undefined || value === "" || (Array.isArray(value) && !value.length)) continue;
    const read = kind && READ[kind] ? READ[kind]!(value as never) : value;
    if (!(Array.isArray(read) && !read.length)) facts[name] = read;
  }
  return facts;
}
