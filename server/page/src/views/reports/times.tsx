// How long each office takes to answer.
import type { Result } from "../../api/client";
import { Downloads } from "../../parts/download";
import { Table } from "../../parts/table";
import { number, say } from "../../words/say";
import { quarterText } from "./quarters";

type Times = Result<"get", "/v1/reports/response-times">;
type Row = Times["rows"][number];

const shareText = (row: Row) => (row.share_in_time === null ? "" : say("reports.percent", { n: Math.round(row.share_in_time * 100) }));
const hoursText = (row: Row) => (row.median_hours === null ? "" : number(Math.round(row.median_hours * 10) / 10));

const NOT_TOLD = <span class="quiet">–</span>;
const heads = () => [say("column.office"), say("reports.counted"), say("reports.share"), say("reports.hours"), say("reports.waiting"), say("reports.overdue")];

function Rows({ rows, label, first }: { rows: Row[]; label: string; first: (row: Row) => string }) {
  return (
    <Table label={label} columns={heads().map((head, i) => ({ head, number: i > 0 }))}
      rows={rows.map((row) => [
        <bdi>{first(row)}</bdi>, number(row.n), shareText(row) || NOT_TOLD, hoursText(row) || NOT_TOLD,
        number(row.waiting), row.overdue ? <span class="badge bad">{number(row.overdue)}</span> : number(0),
      ])} />
  );
}
export function TimesReport({ data, programme, target }: { data: Times; programme: string; target: string }) {
  const whole = data.rows.filter((row) => row.quarter === data.quarters);
  const together = data.rows.filter((row) => row.office === undefined && row.quarter !== data.quarters);
  const notes = [...new Set(whole.flatMap((row) => row.note ?? []))]; // why a figure is not told
  return (
    <section class="card stack-s">
      <div class="row apart">
        <h2>{say("reports.times")} <span class="m quiet">{quarterText(data.quarters)}</span></h2>
        <Downloads of={say("reports.times")} name={"response-times-" + data.quarters} target={target} />
      </div>
      <p class="m quiet" dir="auto">{data.definition}</p>
      {programme && <p class="m">{say("reports.all_of_it")}</p>}
      <Rows rows={whole} label={say("reports.times")} first={(row) => row.name} />
      {notes.map((note) => <p key={note} class="small quiet">– {note}</p>)}
      {together.length > 1 && (
        <details><summary>{say("reports.by_quarter")}</summary><Rows rows={together} label={say("reports.by_quarter")} first={(row) => quarterText(row.quarter)} /></details>
      )}
    </section>
  );
}
