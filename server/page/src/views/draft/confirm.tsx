// Where the letter leads that asks whether a mailbox is its reader's: opening it says nothing, the button does.
import { useState } from "preact/hooks";
import { post, type Problem } from "../../api/client";
import { useTitle } from "../../shell/arrive";
import { say } from "../../words/say";

export function Confirm() {
  useTitle(say("draft.confirm_title"));
  const [, id, code] = location.hash.match(/^#(.+)\.([^.]+)$/) ?? [];
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const confirm = () => post("/v1/drafts/{id}:confirm", { code: code! }, { path: { id: id! } }).then(() => setDone(true), setProblem);
  return (
    <div class="card empty">
      <h1>{say("draft.confirm_title")}</h1>
      {done && <p role="status"><strong class="ok">{say("draft.confirm_done")}</strong></p>}
      {!done && (id && code ? <p>{say("draft.confirm_how")}</p> : <p>{say("draft.confirm_cut")}</p>)}
      {problem && <p class="error" role="alert" dir="auto">{problem.detail} {problem.remedy}</p>}
      <div class="row middle">
        {!done && id && code && <button type="button" class="button main" onClick={() => void confirm()}>{say("draft.confirm_yes")}</button>}
        {done && <a class="button main" href={"/drafts/" + encodeURIComponent(id!)}>{say("draft.go_on")}</a>}
      </div>
    </div>
  );
}
