// The open cases as a board: a column a stage of a meeting, and one a state of what else there is. Whatever could be dragged has its form.
import { useId } from "preact/hooks";
import { Clock } from "../../parts/clock";
import { caseAddress } from "../../parts/way";
import { withQuery } from "../../shell/place";
import { Country } from "../../words/names";
import { number, say } from "../../words/say";
import { type Case, isBetweenTwo, tasksOf, titleOf, useWords, wayOf, type Words } from "../case/model";

interface Column {
  title: string;
  items: Case[];
  states: string[]; // several: each card says in which it is
}
interface Board {
  title: string;
  columns: Column[];
}

const MEETING = ["interest", "introduction"];
// From an interest to what came of it, as an officer thinks of it.
const STAGES: [string, string[]][] = [
  ["term.sent", ["interest.sent"]],
  ["term.acknowledged", ["interest.received", "interest.asked_back"]],
  ["term.introduced", ["introduction.agreed", "introduction.released", "introduction.first_contact", "introduction.promoted"]],
  ["term.negotiation", ["introduction.negotiation"]],
  ["term.concluded", ["introduction.concluded"]],
];

// Every case is on one of the boards.
export function boardsOf(cases: Case[], words: Words): Board[] {
  const boards: Board[] = [];
  const meeting = cases.filter((item) => MEETING.includes(item.kind));
  if (meeting.length)
    boards.push({ title: words.kind("interest") + " – " + words.kind("introduction"), columns: STAGES.map(([word, states]) => (
      { title: say(word), states, items: meeting.filter((item) => states.includes(item.kind + "." + item.state)) })) });
  const columns = [...new Set(cases.map((item) => item.kind))].filter((kind) => !MEETING.includes(kind)).flatMap((kind) => {
    const own = cases.filter((item) => item.kind === kind);
    const order = [...new Set([...wayOf(kind), ...own.map((item) => item.state)])].filter((state) => own.some((item) => item.state === state));
    return order.map((state) => ({ title: `${words.kind(kind)} – ${words.state(kind, state)}`, states: [state], items: own.filter((item) => item.state === state) }));
  });
  if (columns.length) boards.push({ title: say("pipeline.others"), columns });
  return boards;
}

const SHOWN = 20; // of a column; the others are in the table

export function Subject({ item }: { item: Case }) {
  const one = <bdi>{titleOf(item.from)}</bdi>;
  if (!isBetweenTwo(item)) return one;
  const between = item.kind === "interest" ? <> <span class="to"><span class="hidden">{say("pipeline.asks")}</span></span> </> : <> – </>;
  return <>{one}{between}<bdi>{titleOf(item.to)}</bdi></>;
}
export const subjectText = (item: Case): string => (isBetweenTwo(item) ? `${titleOf(item.from)} – ${titleOf(item.to)}` : titleOf(item.from));

export function Where({ item }: { item: Case }) {
  return <>{item.from.country && <Country code={item.from.country} />}{isBetweenTwo(item) && item.to.country && <> – <Country code={item.to.country} /></>}</>;
}

// The task that is due first, with its clock, and whose it is.
export function Due({ item }: { item: Case }) {
  const task = tasksOf(item).sort((one, other) => (one.due ?? "").localeCompare(other.due ?? ""))[0];
  return task?.due ? <Clock due={task.due} since={task.since} why={task.why_due?.text} /> : null;
}
export function Owners({ item }: { item: Case }) {
  return <>{tasksOf(item).map((task, i) => <>{i > 0 && ", "}<bdi>{task.owner?.name ?? task.owner?.desk}</bdi>{task.inbox && <span class="hidden"> ({say("pipeline.not_taken")})</span>}</>)}</>;
}

export const moveAddress = (item: Case) => withQuery({ move: item.id, page: new URLSearchParams(location.search).get("page") });

function Card({ item, tell, words }: { item: Case; tell: boolean; words: Words }) {
  return (
    <li class="card stack-s">
      <h4><a href={caseAddress(item.id)}><Subject item={item} /></a></h4>
      <p class="small quiet"><Where item={item} />{tell && <> · {words.state(item.kind, item.state)}</>}</p>
      <p class="row apart"><Due item={item} /><span class="small quiet"><Owners item={item} /></span></p>
      <a class="button small noprint" href={moveAddress(item)}>{say("pipeline.move")}<span class="hidden">: {subjectText(item)}</span></a>
    </li>
  );
}

function Stage({ column, words, table }: { column: Column; words: Words; table: string }) {
  const id = useId();
  return (
    <section class="column" aria-labelledby={id}>
      <header><h3 id={id}>{column.title}</h3><span class="count">{number(column.items.length)}</span></header>
      {column.items.length > 0 && <ul>{column.items.slice(0, SHOWN).map((item) => <Card key={item.id} item={item} tell={column.states.length > 1} words={words} />)}</ul>}
      {column.items.length > SHOWN && <p class="small"><a href={table}>{say("pipeline.more_in_table", { n: column.items.length - SHOWN })}</a></p>}
    </section>
  );
}

export function Boards({ cases }: { cases: Case[] }) {
  const words = useWords();
  const table = withQuery({ view: "table" });
  return (
    <div class="stack boards">
      {boardsOf(cases, words).map((board) => (
        <section class="stack-s" key={board.title} aria-label={board.title}>
          <h2>{board.title}</h2>
          <div class="board">{board.columns.map((column) => <Stage key={column.title} column={column} words={words} table={table} />)}</div>
        </section>
      ))}
    </div>
  );
}
