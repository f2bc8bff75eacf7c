// Of which office something is, and as of when, where another office's server sent it.
import { dayText } from "../words/dates";
import { say } from "../words/say";

export interface ReceivedFrom {
  office: string;
  name: string;
  as_of?: string;
}

export function Received({ from }: { from?: ReceivedFrom }) {
  if (!from) return null;
  const words = from.as_of ? say("part.received_as_of", { office: from.name, day: dayText(Date.parse(from.as_of)) }) : from.name;
  return <> · <span class="badge" dir="auto">{words}</span></>;
}
