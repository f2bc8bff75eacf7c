// The rules that had to give way, in words, and the ways out of each.
import { type Place, withQuery } from "../../shell/place";
import { say } from "../../words/say";
import { useGroups } from "./names";
import type { PanelData } from "./panel";

type Relaxation = PanelData["relaxations"][number];

const TOPIC = "experts_per_topic_at_least";

// A share holds for a panel of any size: with fewer seats the same people may be enough. Of a topic a number is asked for.
function fewerSeats(panel: PanelData, one: Relaxation): number {
  if (one.place.includes(TOPIC)) return 0;
  const seats = Math.floor((panel.seats_asked * one.met) / one.asked);
  return one.met > 0 && one.met < one.asked && seats < panel.seats_asked ? seats : 0;
}

export function Relaxed({ panel, place }: { panel: PanelData; place: Place }) {
  const { named } = useGroups();
  if (!panel.relaxations.length && !panel.removed?.length) return null;
  return (
    <section class="notice bad">
      <div class="stack-s">
        <h2 class="label">{say("panel.not_kept", { n: panel.relaxations.length })}</h2>
        <ul class="stack-s">
          {panel.relaxations.map((one) => {
            const seats = fewerSeats(panel, one);
            return (
              <li key={one.rule}>
                <p dir="auto">{named(one.message)}</p>
                <p class="row noprint">
                  {seats > 0 && <a class="button small" href={withQuery({ seats: String(seats), show: null })}>{say("panel.draw_fewer", { n: seats })}<span class="hidden" dir="auto"> ({named(one.rule)})</span></a>}
                  {one.place.includes(TOPIC) && <a class="button small" href={withQuery({ topic: null, no_topics: "1", show: null })}>{say("panel.without_topics")}<span class="hidden" dir="auto"> ({named(one.rule)})</span></a>}
                  {place.query.get("from") && <a class="button small" href={withQuery({ from: null, show: null })}>{say("panel.widen")}<span class="hidden" dir="auto"> ({named(one.rule)})</span></a>}
                </p>
              </li>
            );
          })}
        </ul>
        {panel.removed?.map((one) => (
          <p key={one.condition + one.owner}><strong>{say("panel.fell", { n: one.count })}</strong> <span dir="auto">{one.condition}</span> <span class="quiet" dir="auto">{one.remedy}</span></p>
        ))}
        {panel.seats.length > 0 && <p class="quiet">{say(panel.relaxation_proven ? "panel.least_gave" : "panel.perhaps_less")}</p>}
      </div>
    </section>
  );
}
