// The lists of a desk, the most urgent first; each row says what is to be done and until when.
import type { Result } from "../../api/client";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Clock } from "../../parts/clock";
import { Fit } from "../../parts/fit";
import { caseAddress, pairAddress, profileAddress, Way } from "../../parts/way";
import { withQuery } from "../../shell/place";
import { CaseTerm } from "../../words/names";
import { number, say } from "../../words/say";

export type DeskView = Result<"get", "/v1/desk">;
// The subject is a sentence of the reader's language, in which the server has isolated the names. A row has what its kind has; the description lists what all have.
type Item = DeskView["mine"][number] & Partial<Record<"from" | "to" | "state" | "programme" | "since" | "band" | "why" | "change", string>>;

function List({ title, count, urgent, children, action, empty }: {
  title: string; count: number; urgent?: boolean; children: ComponentChildren; action?: ComponentChildren; empty?: string;
}) {
  const id = useId();
  if (count === 0 && !empty) return null;
  return (
    <section class="card flush" aria-labelledby={id}>
      <header class="row apart">
        <h2 id={id}>{title} <span class={urgent && count ? "count bad" : "count"}>{number(count)}</span></h2>
        {action}
      </header>
      {count === 0 ? <p class="m quiet inner first">{empty}</p> : <ul class="rows acts">{children}</ul>}
    </section>
  );
}

function CaseRow({ item }: { item: Item }) {
  const address = item.kind === "profile" && item.from === item.id ? profileAddress(item.id) : caseAddress(item.id);
  return (
    <li>
      <div class="stack-s">
        <h3><Way href={address}>{item.subject}</Way></h3>
        <p class="m quiet">
          <CaseTerm list="case.kind" code={item.kind} />
          {item.state && <> · <CaseTerm list={item.kind + ".state"} code={item.state} /></>}
          {item.owner && <> · <bdi>{(item.owner as { name?: string }).name}</bdi></>}
        </p>
        {item.why_due && <p class="small quiet" dir="auto">{item.why_due.text}</p>}
      </div>
      <div class="row">{item.due && <Clock due={item.due} since={item.since} why={item.why_due?.text} />}</div>
    </li>
  );
}

function NewsRow({ item }: { item: Item }) {
  return (
    <li>
      <div>
        <h3><Way href={pairAddress(item.from ?? "", item.to ?? "", item.programme)}>{item.subject}</Way></h3>
        {item.change && <p class="m quiet"><CaseTerm list="change.kind" code={item.change} />{item.why && <> · <span dir="auto">{item.why}</span></>}</p>}
      </div>
      {item.band && <Fit band={item.band} />}
    </li>
  );
}

function Whose({ view, own }: { view: DeskView; own?: string }) {
  const mine = view.desk !== undefined;
  const desk = view.desk ?? own;
  if (!desk) return null;
  return (
    <div class="row">
      <a class={mine ? "chip on" : "chip"} aria-current={mine ? "true" : undefined} href={withQuery({ desk, office: null })}>{say("home.mine")}</a>
      <a class={mine ? "chip" : "chip on"} aria-current={mine ? undefined : "true"} href={withQuery({ desk: null, office: view.office })}>{say("home.whole_office")}</a>
    </div>
  );
}

export function Lists({ view, own }: { view: DeskView; own?: string }) {
  const count = (name: string) => (view.counts as Record<string, number>)[name] ?? 0;
  const rows = (items: DeskView["mine"]) => items.map((item) => <CaseRow key={item.id} item={item} />);
  const news = (items: DeskView["mine"]) => items.map((item, i) => <NewsRow key={i} item={item} />);
  return (
    <div class="stack">
      <List title={say("term.needs_you")} count={count("mine")} urgent empty={say("home.nothing_needs_you")} action={<Whose view={view} own={own} />}>{rows(view.mine)}</List>
      <List title={say("home.inbox")} count={count("inbox")}>{rows(view.inbox)}</List>
      <List title={say("term.waiting_for_others")} count={count("waiting")}>{rows(view.waiting)}</List>
      <List title={say("home.expiring")} count={count("expiring")}>{rows(view.expiring)}</List>
      <List title={say("home.proposals")} count={view.proposals.length}>{news(view.proposals)}</List>
      <List title={say("home.changes")} count={view.changes.length}>{news(view.changes)}</List>
    </div>
  );
}
