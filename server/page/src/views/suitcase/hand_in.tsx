// Hands in what was written in a suitcase, and tells what became of each; where somebody else has changed the same, both are shown
// and what is chosen is sent.
import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Result } from "../../api/client";
import { Field } from "../../parts/field";
import { useSaving, Wrong } from "../../parts/saving";
import { number, say } from "../../words/say";
import { type Answers, type Choice, Verdict } from "./verdict";

type Taken = Result<"post", "/v1/suitcases/{id}:return">;

async function answersIn(file: File): Promise<Answers | null> {
  try {
    const read = JSON.parse(await file.text()) as Partial<Answers>;
    return read.suitcase && read.sealed && read.signature && read.format ? (read as Answers) : null;
  } catch {
    return null;
  }
}

const COUNTS = [["done", "suitcase.done"], ["already_done", "suitcase.already_done"], ["conflict", "suitcase.conflict"], ["refused", "suitcase.refused"], ["given_up", "suitcase.given_up"]] as const;

export function HandIn() {
  const [answers, setAnswers] = useState<Answers | null>(null);
  const [taken, setTaken] = useState<Taken | null>(null);
  const [wrong, setWrong] = useState("");
  const title = useRef<HTMLHeadingElement>(null);
  const saving = useSaving();
  const choices = useRef<Record<string, Choice>>({});
  useEffect(() => title.current?.focus(), [taken]);

  const send = (of: Answers) => saving.save(async () => {
    const body = { ...of, choices: choices.current };
    setTaken((await post("/v1/suitcases/{id}:return", body as never, { path: { id: of.suitcase } })).data);
  });
  async function choose(file: File | undefined) {
    setTaken(null);
    setWrong("");
    choices.current = {};
    const read = file ? await answersIn(file) : null;
    setAnswers(read);
    if (!read) return setWrong(file ? say("suitcase.no_answers") : "");
    await send(read);
  }
  const settle = (operation: string, choice: Choice) => {
    choices.current = { [operation]: choice };
    if (answers && !saving.busy) void send(answers);
  };
  return (
    <section class="card stack" aria-labelledby="hand-in">
      <h2 id="hand-in">{say("suitcase.hand_in")}</h2>
      <Field label={say("suitcase.file")} hint={say("suitcase.hand_in_how")} error={wrong || undefined}>
        {(attributes) => <input {...attributes} type="file" accept=".json,application/json" onChange={(event) => void choose(event.currentTarget.files?.[0])} />}
      </Field>
      <Wrong problem={saving.problem} />
      {taken && (
        <>
          <h3 tabIndex={-1} ref={title}>{say("suitcase.result")}</h3>
          {taken.verdicts.length === 0 ? <p>{say("suitcase.nothing_written")}</p>
            : <p class="m">{COUNTS.filter(([name]) => taken.counts[name]).map(([name, word]) => `${say(word)}: ${number(taken.counts[name]!)}`).join(" · ")}</p>}
          <ul class="rows">
            {taken.verdicts.map((one) => <li key={one.operation}><Verdict one={one} settle={(choice) => settle(one.operation, choice)} /></li>)}
          </ul>
        </>
      )}
    </section>
  );
}
