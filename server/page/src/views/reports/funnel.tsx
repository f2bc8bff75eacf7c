// How far interests come: all of them stage by stage, then by programme, by group of countries, led by women.
import type { Result } from "../../api/client";
import { Downloads } from "../../parts/download";
import { Table } from "../../parts/table";
import { Empty } from "../../parts/states";
import { number, say } from "../../words/say";
import { quarterText } from "./quarters";

type Funnel = Result<"get", "/v1/reports/funnel">;
type Row = Funnel["rows"][number];

const STAGES = ["sent", "answered", "accepted", "introduced", "promoted", "negotiation", "concluded", "operational"] as const;
const NAME = {
  sent: () => say("column.sent"), answered: () => say("column.answered"), accepted: () => say("column.accepted"), introduced: () => say("column.introduced"),
  promoted: () => say("column.promoted"), negotiation: () => say("column.negotiation"), concluded: () => say("column.concluded"), operational: () => say("column.operational"),
};
const figure = (value: number | null) => (value === null ? say("reports.few") : number(value));

function Whole({ row }: { row: Row }) {
  const most = Math.max(1, ...STAGES.map((stage) => row[stage] ?? 0));
  return (
    <ul class="funnel m">
      {STAGES.map((stage) => (
        <li key={stage}><span>{NAME[stage]()}</span><progress max={most} value={row[stage] ?? 0} aria-label={NAME[stage]()} /><span class="num">{figure(row[stage])}</span></li>
      ))}
    </ul>
  );
}

function Money({ row }: { row: Row }) {
  if (!row.conclusions.length) return null;
  return (
    <ul class="m stack-s">
      {row.conclusions.map((one) => (
        <li key={one.currency}>{one.amount === null ? say("reports.few") : say("reports.money", { n: one.conclusions ?? 0, amount: `${number(Math.round(one.amount))} ${one.currency}`, jobs: one.jobs ?? 0 })}</li>
      ))}
    </ul>
  );
}

function Groups({ title, rows }: { title: string; rows: Row[] }) {
  const told = rows.filter((row) => STAGES.some((stage) => row[stage] !== 0));
  if (!told.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <Table label={title} columns={[{ head: say("reports.group") }, ...STAGES.map((stage) => ({ head: NAME[stage](), number: true }))]}
        rows={told.map((row) => [<span dir="auto">{row.title}</span>, ...STAGES.map((stage) => figure(row[stage]))])} />
    </>
  );
}

export function FunnelReport({ data, programme, target }: { data: Funnel; programme: string; target: string }) {
  const rows = data.rows.filter((row) => row.quarter === data.quarters);
  const whole = rows.find((row) => (programme ? row.by === "programme" && row.value === programme : row.by === "all"));
  const either = (by: Row["by"]) => rows.filter((row) => row.by === by && (row.side === undefined || row.side === "either"));
  return (
    <section class="card stack-s">
      <div class="row apart">
        <h2>{say("reports.funnel")} <span class="m quiet">{quarterText(data.quarters)}</span></h2>
        <Downloads of={say("reports.funnel")} name={"funnel-" + data.quarters} target={target} />
      </div>
      <p class="m quiet" dir="auto">{data.definition}</p>
      {whole ? <><Whole row={whole} /><Money row={whole} /></> : <Empty title={say("reports.none")} />}
      {programme ? <p class="m quiet">{say("reports.groups_of_all")}</p> : (
        <>
          <Groups title={say("reports.by_programme")} rows={either("programme")} />
          <Groups title={say("reports.served")} rows={[...either("country_group"), ...either("women_led")]} />
        </>
      )}
    </section>
  );
}
