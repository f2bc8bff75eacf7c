// What an act would do, before it is done: the new state, until when whose turn it is, and by name who is written to.
import { say, sayWith } from "../../words/say";
import { Desk, type Directory } from "./acting";
import { type Case, type LetterTo, tasksOf, useWords } from "./model";

export function Readers({ letters, directory }: { letters: LetterTo[]; directory: Directory | null }) {
  if (!letters.length) return <p class="m">{say("casework.no_letter")}</p>;
  const readers = new Map(letters.map((letter) => [letter.reader.desk ?? letter.reader.profile ?? "", letter.reader]));
  return (
    <>
      <p class="m">{say("casework.letters", { n: letters.length })}</p>
      <ul class="m plain">
        {[...readers].map(([key, reader]) => <li key={key}>{reader.profile ? <span dir="auto">{reader.name ?? reader.profile}</span> : <Desk of={reader} directory={directory} />}</li>)}
      </ul>
    </>
  );
}

export function WillHappen({ now, then, directory }: { now: Case | null; then: Case; directory: Directory | null }) {
  const words = useWords();
  const task = tasksOf(then)[0];
  return (
    <div class="stack-s">
      <p><strong>{say("casework.before_it_goes")}</strong></p>
      {now?.state !== then.state && <p class="m">{sayWith("casework.becomes", { state: <strong>{words.state(then.kind, then.state)}</strong> })}</p>}
      {task?.owner && <p class="m">{sayWith("casework.then_with", { whom: <Desk of={task.owner} directory={directory} /> })} {task.why_due && <span class="quiet" dir="auto">{task.why_due.text}</span>}</p>}
      <Readers letters={then.letters ?? []} directory={directory} />
      {then.condition_offer && <p class="m quiet" dir="auto">{then.condition_offer.text}</p>}
    </div>
  );
}
