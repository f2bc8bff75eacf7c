// How fast offices answer and how far interests come, each figure beside what it means.
import { useAnswer } from "../../api/answer";
import { address, get } from "../../api/client";
import { Answered } from "../../parts/states";
import { useTitle } from "../../shell/arrive";
import { go, type Place, withQuery } from "../../shell/place";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { FunnelReport } from "./funnel";
import { OfLog } from "./of_log";
import { lastQuarters, quarterText } from "./quarters";
import { TimesReport } from "./times";

function Choices({ place, quarter, programme, count }: { place: Place; quarter: string; programme: string; count: string }) {
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  const quarters = lastQuarters();
  const choose = (name: string) => (event: Event) => go(withQuery({ [name]: (event.currentTarget as HTMLSelectElement).value }, place));
  return (
    <div class="row noprint">
      <label class="label" for="quarter">{say("column.quarter")}</label>
      <select class="input" id="quarter" value={quarter} onChange={choose("quarter")}>
        <option value="">{say("reports.last_four")}</option>
        {(quarter && !quarters.includes(quarter) ? [quarter, ...quarters] : quarters).map((one) => <option key={one} value={one}>{quarterText(one)}</option>)}
      </select>
      <label class="label" for="programme">{say("column.programme")}</label>
      <select class="input" id="programme" value={programme} onChange={choose("programme")}>
        <option value="">{say("reports.all_programmes")}</option>
        {programmes.map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
      </select>
      <label class="label" for="count">{say("reports.count")}</label>
      <select class="input" id="count" value={count} onChange={choose("count")}>
        <option value="">{say("reports.count_sent")}</option>
        <option value="reached">{say("reports.count_reached")}</option>
      </select>
    </div>
  );
}

export default function Reports({ place }: ViewProps) {
  const programme = place.query.get("programme") ?? "";
  const quarter = /^\d{4}Q[1-4]$/.test(place.query.get("quarter") ?? "") ? place.query.get("quarter")! : "";
  const count = place.query.get("count") === "reached" ? "reached" : "";
  const period = quarter ? { quarter } : {};
  useTitle(say("reports.title"));
  const ways = { ...period, ...(count && { count }) };
  const times = useAnswer("times " + quarter, (signal) => get("/v1/reports/response-times", { query: period, signal }));
  const funnel = useAnswer(`ways ${quarter} ${count}`, (signal) => get("/v1/reports/funnel", { query: ways, signal }));
  return (
    <>
      <header class="row apart top">
        <h1>{say("reports.title")}</h1>
        <button type="button" class="button noprint" onClick={() => print()}>{say("part.print")}</button>
      </header>
      <Choices place={place} quarter={quarter} programme={programme} count={count} />
      <Answered shown={times}>{(data) => <TimesReport data={data} programme={programme} target={address("/v1/reports/response-times", { query: period })} />}</Answered>
      <Answered shown={funnel}>{(data) => <FunnelReport data={data} programme={programme} target={address("/v1/reports/funnel", { query: ways })} />}</Answered>
      {times.data && <OfLog log={times.data.log} />}
    </>
  );
}
