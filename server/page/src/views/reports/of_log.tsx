// What the figures are made of, so that whoever doubts them can make them anew.
import type { Schemas } from "../../api/client";
import { save } from "../../parts/download";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/text";
import { useMe } from "../../shell/me";
import { number, say } from "../../words/say";

export function OfLog({ log }: { log: Schemas["ReportLog"] }) {
  const me = useMe();
  return (
    <details class="card">
      <summary>{say("reports.made_of")}</summary>
      <div class="stack-s">
        <p class="m">{say("reports.made_of_how")}</p>
        <Facts facts={[
          { name: say("reports.cases"), value: number(log.cases) }, { name: say("column.acts"), value: number(log.acts) },
          { name: say("reports.erased"), value: number(log.erased) }, { name: say("reports.head"), value: <Id id={log.head} /> },
        ]} />
        {me?.rights.case_log && <p class="noprint"><button type="button" class="button small" onClick={() => void save("/v1/reports/cases", "cases.jsonl")}>{say("reports.log")}</button></p>}
      </div>
    </details>
  );
}
