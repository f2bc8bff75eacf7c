// The same as a table, to be looked through, and to do one thing with many.
import { Pager } from "../../parts/pager";
import { Table } from "../../parts/table";
import { caseAddress } from "../../parts/way";
import { Day } from "../../words/dates";
import { say } from "../../words/say";
import { type Case, useWords } from "../case/model";
import { Due, moveAddress, Owners, Subject, subjectText, Where } from "./board";

export const PAGE = 50;

interface Props {
  cases: Case[]; // all that the filters leave, in order
  page: number;
  chosen: Set<string>;
  choose(ids: string[], on: boolean): void;
}

export function CaseTable({ cases, page, chosen, choose }: Props) {
  const words = useWords();
  const shown = cases.slice((page - 1) * PAGE, page * PAGE);
  const all = shown.length > 0 && shown.every((item) => chosen.has(item.id));
  const rows = shown.map((item) => [
    <span class="row tight">
      {item.open && <label class="check pick"><input type="checkbox" checked={chosen.has(item.id)} onChange={(event) => choose([item.id], event.currentTarget.checked)} /><span class="hidden">{say("pipeline.choose", { what: subjectText(item) })}</span></label>}
      <a href={caseAddress(item.id)}><Subject item={item} /></a>
    </span>,
    <>{words.kind(item.kind)}<br /><span class="quiet">{words.state(item.kind, item.state)}</span></>,
    item.open ? <Due item={item} /> : item.closed && <Day when={item.closed} />,
    item.open ? <Owners item={item} /> : item.reason && words.reason(item.kind, "", item.reason),
    <Where item={item} />,
    item.open && <a class="noprint" href={moveAddress(item)}>{say("pipeline.move")}<span class="hidden">: {subjectText(item)}</span></a>,
  ]);
  const open = shown.some((item) => item.open);
  return (
    <section class="card stack-s">
      {open && (
        <label class="check noprint">
          <input type="checkbox" checked={all} onChange={(event) => choose(shown.map((item) => item.id), event.currentTarget.checked)} /> {say("pipeline.choose_all", { n: shown.length })}
        </label>
      )}
      <Table label={say("term.pipeline")} rows={rows} columns={[
        { head: say("pipeline.case") }, { head: say("column.state") }, { head: say(open ? "column.due" : "column.closed") }, { head: say(open ? "column.owner" : "column.reason") },
        { head: say("column.country") }, { head: say("column.next") }]} />
      <Pager page={page} size={PAGE} shown={shown.length} more={cases.length > page * PAGE} />
    </section>
  );
}
