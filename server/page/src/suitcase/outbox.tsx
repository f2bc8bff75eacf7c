// What was written, to be handed in as one file; and a file that was saved before, read back.
import { useState } from "preact/hooks";
import { saveFile } from "../parts/files";
import { Moment } from "../words/dates";
import { say } from "../words/say";
import { titleOf, useWords } from "../views/case/model";
import { caseAddress, profileAddress, Way } from "./inside/way";
import { header } from "./sealed";
import { answersFile, isSaved, type Operation, readAnswers, saved, taken, takeOut, written } from "./state";

function What({ one }: { one: Operation }) {
  const { cases, profiles } = taken.get()!;
  const words = useWords();
  const title = (id: unknown) => profiles[String(id)]?.profile.title ?? String(id);
  const item = cases[one.subject];
  if (one.does === "act")
    return <><strong>{words.act(item?.kind ?? "", one.verb)}</strong> – <Way href={caseAddress(one.subject)}>{item ? <><bdi>{titleOf(item.from)}</bdi> – <bdi>{titleOf(item.to)}</bdi></> : one.subject}</Way></>;
  if (one.does === "profile") return <><strong>{say("taken.changed_profile")}</strong> – <Way href={profileAddress(one.subject)}><bdi>{title(one.subject)}</bdi></Way></>;
  return <><strong>{say("term.ask_for_an_introduction")}</strong> – <bdi>{title(one.body.from)}</bdi> – <bdi>{title(one.body.to)}</bdi></>;
}

export function Outbox() {
  const { operations } = written.use();
  const [told, setTold] = useState("");
  saved.use();
  const save = async () => {
    const file = await answersFile();
    saveFile(`counterpart-answers-${header.id}-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.json`, file);
    setTold(say("taken.saved"));
  };
  const read = async (file: File | undefined) => {
    if (!file) return;
    await readAnswers(file).then((n) => setTold(say("taken.read_back", { n })), () => setTold(say("taken.not_ours")));
  };
  return (
    <>
      <h1>{say("taken.outbox")}</h1>
      <p>{say("taken.outbox_how")}</p>
      <section class="card flush" aria-label={say("taken.outbox")}>
        {operations.length === 0 && <p class="m quiet inner first">{say("taken.outbox_empty")}</p>}
        <ul class="rows acts">
          {operations.map((one) => (
            <li key={one.operation}>
              <div><p><What one={one} /></p><p class="small quiet"><Moment when={one.written_at} /></p></div>
              <button type="button" class="button small" onClick={() => takeOut(one.operation)}>{say("taken.take_out")}</button>
            </li>
          ))}
        </ul>
      </section>
      <div class="row">
        <button type="button" class="button main" aria-disabled={operations.length === 0} onClick={() => operations.length && void save()}>{say("taken.save_answers")}</button>
        {operations.length > 0 && !isSaved() && <p class="m">{say("taken.not_saved_yet")}</p>}
        <p class="m" role="status">{told}</p>
      </div>
      <details>
        <summary>{say("taken.read_file")}</summary>
        <p class="hint">{say("taken.read_file_how")}</p>
        <input type="file" accept=".json" aria-label={say("taken.read_file")} onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </details>
    </>
  );
}
