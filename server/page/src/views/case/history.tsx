// What was done, by whom and with which words, the newest first.
import { Timeline } from "../../parts/timeline";
import { Quote } from "../../parts/text";
import { say } from "../../words/say";
import { deskName, type Directory, officeName } from "./acting";
import { Stated } from "./facts";
import { type Case, type Event, useWords } from "./model";

export const whoOf = (event: Event, directory: Directory | null): string =>
  event.by === "clock" ? say("casework.by_clock") : event.by === "owner" ? say("casework.by_owner")
    : event.desk ? `${deskName(directory, event.desk)} (${officeName(directory, event.office)})` : officeName(directory, event.office);

export function What({ event, kind }: { event: Event; kind: string }) {
  const words = useWords();
  return (
    <>
      <strong>{words.act(kind, event.verb)}</strong>
      {event.reason && <> · {words.reason(kind, event.verb, event.reason)}</>}
      {event.note && <Quote text={event.note} />}
      {event.facts && event.number > 1 && <Stated facts={event.facts} />}
    </>
  );
}

export function Events({ item, events, directory }: { item: Case; events: Event[]; directory: Directory | null }) {
  return <Timeline entries={[...events].reverse().map((event) => ({ when: event.at, who: whoOf(event, directory), what: <What event={event} kind={item.kind} /> }))} />;
}
