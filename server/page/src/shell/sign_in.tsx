// Asks for an access key, over whatever is on the page: nothing that was written is lost.
import { useRef, useState } from "preact/hooks";
import type { Problem } from "../api/client";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { say } from "../words/say";
import { leaveSignedOut, session } from "./session";
import { signIn } from "./signing";

export function SignIn() {
  const { ended, hadOne } = session.use();
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!ended) return null;
  const submit = (event: Event) => {
    event.preventDefault();
    const key = String(new FormData(form.current!).get("key")).trim();
    setProblem(null);
    if (key) signIn(key).catch((refused: Problem) => setProblem(refused));
  };
  return (
    <Dialog title={say("session.title")} onClose={leaveSignedOut}>
      <form class="stack" ref={form} onSubmit={submit}>
        <p class="m">{say(hadOne ? "session.ended" : "session.needed")}</p>
        <Field label={say("term.token")} error={problem && <span dir="auto">{problem.detail}</span>}>
          {(attributes) => <input {...attributes} name="key" type="password" required maxLength={200} dir="ltr" autocomplete="current-password" />}
        </Field>
        <div class="row">
          <button type="submit" class="button main">{say("session.sign_in")}</button>
          <button type="button" class="button" onClick={leaveSignedOut}>{say("part.not_now")}</button>
        </div>
      </form>
    </Dialog>
  );
}
