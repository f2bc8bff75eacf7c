// What is left of a draft that was erased: each place that was looked at, and what was found there.
import type { Schemas } from "../../api/client";
import { Table } from "../../parts/table";
import { Moment } from "../../words/dates";
import { say } from "../../words/say";

const VERDICT: Record<string, string> = { removed: "draft.verdict_removed", kept: "draft.verdict_kept", "not reached": "draft.verdict_not_reached" };

export function Receipt({ receipt }: { receipt: Schemas["ErasureReceipt"] }) {
  return (
    <section class="card stack">
      <div class="row apart">
        <h1>{say("draft.erased")}</h1>
        <button type="button" class="button noprint" onClick={() => print()}>{say("part.print")}</button>
      </div>
      <p><Moment when={receipt.at} /> · <bdi class="id">{receipt.profiles.join(" ")}</bdi></p>
      <p class={receipt.complete ? "ok" : "notice warn"}>{receipt.complete ? say("draft.nothing_left") : <span dir="auto">{receipt.pending?.reason} {receipt.pending?.remedy}</span>}</p>
      <Table label={say("draft.places")} columns={[{ head: say("column.place") }, { head: say("column.verdict") }, { head: say("column.detail") }]}
        rows={receipt.places.map((one) => [<span dir="auto">{one.place}</span>, VERDICT[one.verdict] ? say(VERDICT[one.verdict]!) : one.verdict, <span dir="auto">{one.detail}</span>])} />
    </section>
  );
}
