// What happened, the newest first.
import type { ComponentChildren } from "preact";
import { Moment } from "../words/dates";

export function Timeline({ entries }: { entries: { when: string; who?: string; what: ComponentChildren }[] }) {
  return (
    <ol class="timeline">
      {entries.map((entry, i) => (
        <li key={i} class={i === 0 ? "now" : undefined}>
          <p class="m">{entry.what}</p>
          <p class="small quiet"><Moment when={entry.when} />{entry.who && <> · <bdi>{entry.who}</bdi></>}</p>
        </li>
      ))}
    </ol>
  );
}
