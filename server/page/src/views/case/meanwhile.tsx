// Somebody acted while one wrote: what I was about to do, what they did, what it is now. Nothing of mine is lost.
import { Quote } from "../../parts/text";
import { say, sayWith } from "../../words/say";
import { Desk, type Directory } from "./acting";
import type { Draft } from "./draft";
import { Stated } from "./facts";
import { Events } from "./history";
import { type Act, type Case, tasksOf, useWords } from "./model";
import { bodyOf } from "./said";

interface Props {
  item: Case;
  draft: Draft;
  act: Act | null; // null: what was wanted is not possible any more
  directory: Directory | null;
  onSeen(): void;
}

export function Meanwhile({ item, draft, act, directory, onSeen }: Props) {
  const words = useWords();
  const theirs = (item.timeline ?? []).filter((event) => event.number > draft.seen);
  const body = act ? bodyOf(draft, act) : { note: draft.note };
  const task = tasksOf(item)[0];
  return (
    <section class="notice warn" role="alert" aria-labelledby="meanwhile">
      <div class="stack grow">
        <h3 id="meanwhile">{say("casework.meanwhile")}</h3>
        <div class="two three">
          <div class="stack-s">
            <h4>{say("casework.mine")}</h4>
            <p class="m">{draft.verb ? <strong>{words.act(item.kind, draft.verb)}</strong> : say("casework.nothing_chosen")}{body.reason && <> · {words.reason(item.kind, draft.verb, body.reason)}</>}</p>
            {body.facts && <Stated facts={body.facts} />}
            {draft.note && <Quote text={draft.note} />}
          </div>
          <div class="stack-s">
            <h4>{say("casework.theirs")}</h4>
            <Events item={item} events={theirs} directory={directory} />
          </div>
          <div class="stack-s">
            <h4>{say("column.now")}</h4>
            <p class="m"><strong>{words.state(item.kind, item.state)}</strong></p>
            {task?.owner && <p class="m">{sayWith("casework.with", { whom: <Desk of={task.owner} directory={directory} /> })}</p>}
            {task?.why_due && <p class="small quiet" dir="auto">{task.why_due.text}</p>}
          </div>
        </div>
        {draft.verb && !act && <p class="m">{say("casework.not_possible_now")}</p>}
        <p><button type="button" class="button" onClick={onSeen}>{say("casework.seen")}</button></p>
      </div>
    </section>
  );
}
