// Whose court it is in, until when, and how that time came about.
import { Clock } from "../../parts/clock";
import { dayText, momentText } from "../../words/dates";
import { useCountries } from "../../words/names";
import { say, sayWith } from "../../words/say";
import { deskName, Desk, type Acting, type Directory } from "./acting";
import { type Case, isDueToday, isLate, type Task, tasksOf, useWords } from "./model";

const FREE: Record<string, string> = { weekend: "casework.free_weekend", holiday: "casework.free_holiday", own: "casework.free_own" };

function Reckoning({ task, directory }: { task: Task; directory: Directory | null }) {
  const countries = useCountries();
  const why = task.why_due;
  if (!why) return null;
  const place = (code: string) => countries?.countries[code] ?? code;
  const way = task.owner?.way ?? [];
  return (
    <details>
      <summary>{say("casework.how_reckoned")}</summary>
      <ul class="m plain">
        <li>{say("casework.acted_on", { day: dayText(why.acted) })}</li>
        {why.working_days > 0 && <li>{say("casework.working_days", { n: why.working_days, day: dayText(why.from) })}</li>}
        {why.skipped.map((free) => (
          <li key={free.day + free.country}>{say(FREE[free.why] ?? "casework.free_own", { day: dayText(free.day), country: place(free.country) })}{free.name && <> (<bdi>{free.name}</bdi>)</>}</li>
        ))}
        {task.promised && task.due && task.promised !== task.due && <li>{say("casework.promised", { time: momentText(task.promised) })}</li>}
        {way.map((one) => (
          <li key={one.desk}>{say(one.until ? "casework.passed_until" : "casework.passed", { name: deskName(directory, one.desk), day: one.until ? dayText(one.until) : "" })}</li>
        ))}
      </ul>
    </details>
  );
}

function Court({ task, acting }: { task: Task; acting: Acting }) {
  const { owner } = task;
  if (!owner) return null;
  const whom = <Desk of={owner} directory={acting.directory} />;
  if (owner.desk === acting.desk) return <p><strong>{say("casework.with_you")}</strong></p>;
  return <p>{sayWith(task.inbox ? "casework.with_inbox" : "casework.with", { whom })}</p>;
}

// With another office of the network, whose own server has a record of the case.
function Shared({ item }: { item: Case }) {
  const words = useWords();
  const shared = item.shared_with;
  if (!shared) return null;
  const office = shared.name ?? shared.office;
  return (
    <div class="stack-s m">
      <p dir="auto">{shared.as_of ? say("casework.shared_as_of", { office, day: dayText(Date.parse(shared.as_of)) }) : say("casework.shared_with", { office })}</p>
      {shared.delivered === false ? <p>{say("casework.waits_to_be_sent")}</p>
        : shared.unconfirmed > 0 ? <p>{say("casework.not_confirmed")}</p>
          : shared.confirmed_at && <p class="met">{say("casework.is_there", { time: momentText(shared.confirmed_at) })}</p>}
      {shared.ended_there && <p>{say("casework.ended_there")}</p>}
      {shared.not_done?.map((act) => <p key={act.at} dir="auto">{say("casework.not_done_there", { act: words.act(item.kind, act.verb), reason: act.reason })}</p>)}
    </div>
  );
}

export function Standing({ item, acting, mine }: { item: Case; acting: Acting; mine: boolean }) {
  const words = useWords();
  if (!item.open)
    return (
      <section class="notice" aria-label={say("casework.standing")}>
        <div class="stack-s">
          <p><strong>{words.state(item.kind, item.state)}</strong>{item.closed && <> <span class="quiet">· {momentText(item.closed)}</span></>}</p>
          <Shared item={item} />
          {item.reason && <p class="m">{say("casework.because", { reason: words.reason(item.kind, item.timeline?.at(-1)?.verb ?? "", item.reason) })}</p>}
        </div>
      </section>
    );
  return (
    <section class={"notice " + (isLate(item) ? "bad" : isDueToday(item) ? "warn" : "")} aria-label={say("casework.standing")}>
      <div class="stack-s grow">
        {tasksOf(item).map((task) => (
          <div class="stack-s" key={task.side}>
            {task.due && <Clock due={task.due} since={task.since} />}
            <Court task={task} acting={acting} />
            {task.why_due && <p class="m" dir="auto">{task.why_due.text}</p>}
            <Reckoning task={task} directory={acting.directory} />
          </div>
        ))}
        <Shared item={item} />
      </div>
      {mine && <a class="button main noprint" href="#act">{say("casework.act_now")}</a>}
    </section>
  );
}

// The states on its way; one that is not on it stands where it left it.
export function Steps({ item, way }: { item: Case; way: string[] }) {
  const words = useWords();
  const at = way.indexOf(item.state);
  const states = at >= 0 ? way : item.open ? [way[0]!, item.state, ...way.slice(1)] : [way[0]!, item.state];
  const current = states.indexOf(item.state);
  return (
    <ol class="steps" aria-label={say("column.state")}>
      {states.map((state, i) => <li key={state} class={i < current ? "done" : undefined} aria-current={i === current ? "step" : undefined}>{words.state(item.kind, state)}</li>)}
    </ol>
  );
}
