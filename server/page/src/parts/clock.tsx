// How much time is left: grey while there is some, amber on the last day, red when it is late; always with words.
import { clockText, dayText } from "../words/dates";
import { say } from "../words/say";

const DAY = 86_400_000;

export function Clock({ due, since, why }: { due: string; since?: string; why?: string }) {
  const end = Date.parse(due), now = Date.now(), begin = since ? Date.parse(since) : now;
  const sameDay = dayText(end) === dayText(now);
  const days = Math.max(1, Math.round(Math.abs(end - now) / DAY));
  const look = end < now ? "late q4" : sameDay ? "today q3" : "q" + Math.min(3, Math.max(1, Math.ceil(((now - begin) / Math.max(1, end - begin)) * 4)));
  const text = end < now ? say("term.late_by", { n: days }) : sameDay ? say("part.due_today", { time: clockText(end) }) : say("term.days_left", { n: days });
  return <span class={"clock " + look} title={why}>{text}</span>;
}
