// For the record: what a run was made of, so that it can be made again.
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/text";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import type { Run } from "./runs";

export function OfRun({ run }: { run: Run }) {
  const { assignment } = run;
  return (
    <details class="card">
      <summary>{say("runs.record")}</summary>
      <Facts facts={[
        { name: say("column.started"), value: <Moment when={run.started} /> },
        { name: say("column.finished"), value: <Moment when={run.finished} /> },
        { name: say("column.profiles"), value: number(run.profiles) },
        { name: say("column.matches"), value: number(run.matches) },
        { name: say("column.changed"), value: number(run.changed) },
        { name: say("column.proposed"), value: number(assignment.proposed) },
        { name: say("column.blocking_pairs"), value: number(assignment.blocking_pairs) },
        { name: say("column.model"), value: <Id id={run.model} /> },
        { name: say("column.sequence"), value: number(run.sequence) },
        { name: say("column.previous"), value: run.previous && <Id id={run.previous} /> },
        { name: say("column.result_hash"), value: <Id id={run.result_hash} /> },
      ]} />
    </details>
  );
}
