// The published runs, newest first.
import { Downloads } from "../../parts/download";
import { Table } from "../../parts/table";
import { runAddress } from "../../parts/way";
import { Moment } from "../../words/dates";
import { number, say } from "../../words/say";
import type { Run } from "./runs";

export function RunTable({ runs, programme, programmes }: { runs: Run[]; programme: string; programmes: { slug: string; name: string }[] }) {
  const name = (slug: string) => programmes.find((one) => one.slug === slug)?.name ?? slug;
  return (
    <section class="card stack-s">
      <div class="row apart"><h2>{say("runs.published")}</h2><Downloads of={say("runs.published")} name="runs" target={programme ? "/v1/runs?programme=" + encodeURIComponent(programme) : "/v1/runs"} /></div>
      <Table label={say("runs.published")}
        columns={[{ head: say("runs.run") }, { head: say("column.programme") }, { head: say("column.finished") }, { head: say("column.profiles"), number: true },
          { head: say("column.changed"), number: true }, { head: say("column.proposed"), number: true }]}
        rows={runs.map((run) => [
          <a href={runAddress(run.id)} class="id">{run.id}</a>, <bdi>{name(run.programme)}</bdi>, <Moment when={run.finished} />, number(run.profiles),
          run.previous ? number(run.changed) : <span class="quiet">{say("runs.first")}</span>, number(run.assignment.proposed),
        ])} />
    </section>
  );
}
