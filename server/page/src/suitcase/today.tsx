// What was due when the suitcase was packed, and what is due by now.
import { useId } from "preact/hooks";
import { Clock } from "../parts/clock";
import { Fit } from "../parts/fit";
import { CaseTerm } from "../words/names";
import { number, say } from "../words/say";
import { caseAddress, pairAddress, profileAddress, Way } from "./inside/way";
import { type DeskView, taken, writtenFor } from "./state";

type Item = DeskView["mine"][number] & Partial<Record<"from" | "to" | "state" | "since" | "band" | "why" | "change", string>>;

function Row({ item }: { item: Item }) {
  const { cases, profiles } = taken.get()!;
  const address = cases[item.id] ? caseAddress(item.id) : item.kind === "profile" && profiles[item.id] ? profileAddress(item.id) : "";
  return (
    <li>
      <div class="stack-s">
        <h3><Way href={address}>{item.subject}</Way></h3>
        <p class="m quiet"><CaseTerm list="case.kind" code={item.kind} />{item.state && <> · <CaseTerm list={item.kind + ".state"} code={item.state} /></>}</p>
        {item.why_due && <p class="small quiet" dir="auto">{item.why_due.text}</p>}
        {writtenFor("act", item.id) && <p class="small ok">{say("taken.written_here")}</p>}
      </div>
      {item.due && <div class="row"><Clock due={item.due} since={item.since} why={item.why_due?.text} /></div>}
    </li>
  );
}

function News({ item }: { item: Item }) {
  const { profiles } = taken.get()!;
  const there = item.from && item.to && profiles[item.from] && profiles[item.to];
  return (
    <li>
      <h3><Way href={there ? pairAddress(item.from!, item.to!) : ""}>{item.subject}</Way></h3>
      {item.band && <Fit band={item.band} />}
    </li>
  );
}

function List({ title, items, news = false, empty }: { title: string; items: Item[]; news?: boolean; empty?: string }) {
  const id = useId();
  if (!items.length && !empty) return null;
  return (
    <section class="card flush" aria-labelledby={id}>
      <header><h2 id={id}>{title} <span class="count">{number(items.length)}</span></h2></header>
      {items.length ? <ul class="rows acts">{items.map((item, i) => (news ? <News key={i} item={item} /> : <Row key={item.id} item={item} />))}</ul>
        : <p class="m quiet inner first">{empty}</p>}
    </section>
  );
}

const LEFT: Record<string, string> = { cases: "taken.left_cases", profiles: "taken.left_profiles", counterparts: "taken.left_counterparts", briefs: "taken.left_briefs" };

export function Today() {
  const { desk_view: view, left_out: left } = taken.get()!;
  return (
    <>
      <h1>{say("term.today")}</h1>
      {left.length > 0 && (
        <section class="notice" aria-label={say("taken.left_out")}>
          <div class="stack-s"><p>{say("taken.left_out")}</p>
            <ul class="m plain">{left.map((one) => <li key={one.what}>{say(LEFT[one.what]!, { taken: one.taken, of: one.of })}</li>)}</ul></div>
        </section>
      )}
      {!view ? <p class="m quiet">{say("taken.no_desk_view")}</p> : (
        <>
          <List title={say("term.needs_you")} items={view.mine} empty={say("home.nothing_needs_you")} />
          <List title={say("home.inbox")} items={view.inbox} />
          <List title={say("term.waiting_for_others")} items={view.waiting} />
          <List title={say("home.expiring")} items={view.expiring} />
          <List title={say("home.proposals")} items={view.proposals} news />
        </>
      )}
    </>
  );
}
