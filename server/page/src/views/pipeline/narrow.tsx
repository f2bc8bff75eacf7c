// What narrows the pipeline, and what it hides: nothing vanishes without a word.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { Facets } from "../../parts/facets";
import { go, withQuery } from "../../shell/place";
import { number, say } from "../../words/say";
import type { Acting } from "../case/acting";
import { type Case, isDueToday, isLate, useWords } from "../case/model";
import { type Filters, FILTERS, isInInbox, isOf } from "./cases";

function Toggle({ name, value, filters, n, children, bad }: { name: keyof Filters; value: string; filters: Filters; n: number; children: string; bad?: boolean }) {
  const on = filters[name] === value;
  return (
    <a class={on ? "chip on" : "chip"} aria-current={on ? "true" : undefined} href={withQuery({ [name]: on ? null : value, move: null })}>
      {children} <span class={bad && n ? "count bad" : "count"}>{number(n)}</span>
    </a>
  );
}

function Select({ label, name, value, options }: { label: string; name: string; value: string; options: [string, string][] }) {
  if (options.length < 2 && !value) return null;
  return (
    <label class="row m">
      <span class="quiet">{label}</span>
      <select class="input" value={value} onChange={(event) => go(withQuery({ [name]: event.currentTarget.value || null, move: null }))}>
        <option value="">{say("pipeline.all")}</option>
        {options.map(([code, word]) => <option key={code} value={code}>{word}</option>)}
      </select>
    </label>
  );
}

const unique = (values: (string | undefined)[]) => [...new Set(values.filter((value): value is string => !!value))];

export function Narrow({ cases, filters, acting, office }: { cases: Case[]; filters: Filters; acting: Acting; office: string }) {
  const words = useWords();
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  const count = (holds: (item: Case) => boolean) => cases.filter(holds).length;
  const desks = new Map(cases.flatMap((item) => [item.owner, item.second?.owner]).flatMap((owner) => (owner ? [[owner.desk, owner.name ?? owner.desk] as [string, string]] : [])));
  const owner = ["me", "inbox"].includes(filters.owner) ? "" : filters.owner;
  const offices = acting.directory?.offices.map((one): [string, string] => [one.id, one.name]) ?? [];
  return (
    <div class="stack-s noprint" role="group" aria-label={say("term.narrow_the_list")}>
      {filters.state !== "closed" && (
        <div class="row">
          <Toggle name="state" value="late" filters={filters} n={count(isLate)} bad>{say("pipeline.late")}</Toggle>
          <Toggle name="state" value="today" filters={filters} n={count(isDueToday)}>{say("pipeline.today")}</Toggle>
          {acting.desk && <Toggle name="owner" value="me" filters={filters} n={count((item) => isOf(item, acting.desk))}>{say("pipeline.mine")}</Toggle>}
          <Toggle name="owner" value="inbox" filters={filters} n={count(isInInbox)}>{say("pipeline.not_taken")}</Toggle>
        </div>
      )}
      <Facets title={say("term.narrow_the_list")} inForce={[office, filters.kind, filters.programme, owner].filter(Boolean).length}>
        <div class="row">
          {acting.me?.role === "admin" && <Select label={say("column.office")} name="office" value={office} options={offices} />}
          <Select label={say("column.kind")} name="kind" value={filters.kind} options={unique([...cases.map((item) => item.kind), filters.kind]).map((kind) => [kind, words.kind(kind)])} />
          <Select label={say("column.programme")} name="programme" value={filters.programme}
            options={unique([...cases.map((item) => item.programme), filters.programme]).map((slug) => [slug, programmes.find((one) => one.slug === slug)?.name ?? slug])} />
          {filters.state !== "closed" && <Select label={say("column.owner")} name="owner" value={owner} options={[...desks]} />}
        </div>
      </Facets>
    </div>
  );
}

export function Hidden({ shown, all, filters }: { shown: number; all: number; filters: Filters }) {
  const set = FILTERS.filter((name) => filters[name] !== "" && filters[name] !== "closed");
  if (!set.length) return null;
  return (
    <p class="row m noprint" role="status">
      <span>{all > shown ? say("pipeline.hidden", { shown, hidden: all - shown }) : say("pipeline.none_hidden")}</span>
      <a class="button small" href={withQuery({ ...Object.fromEntries(set.map((name) => [name, null])), move: null })}>{say("term.take_all_away")}</a>
    </p>
  );
}
