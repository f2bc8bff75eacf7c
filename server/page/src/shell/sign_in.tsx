// Asks for an access key, over whatever is on the page: nothing that was written is lost.
import { useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog";
import { say } from "../words/say";
import { leaveSignedOut, session, signIn } from "./session";

export function SignIn() {
  const { ended, hadKey } = session.use();
  const field = useRef<HTMLInputElement>(null);
  if (!ended) return null;
  const submit = (event: Event) => {
    event.preventDefault();
    const key = field.current?.value.trim();
    if (key) signIn(key);
  };
  return (
    <Dialog title={say("session.title")} onClose={leaveSignedOut}>
      <form class="stack" onSubmit={submit}>
        <p class="m">{say(hadKey ? "session.ended" : "session.needed")}</p>
        <div class="field">
          <label for="key">{say("term.token")}</label>
          <input class="input" id="key" ref={field} type="password" required maxLength={200} dir="ltr" autocomplete="current-password" />
        </div>
        <div class="row">
          <button type="submit" class="button main">{say("session.sign_in")}</button>
          <button type="button" class="button" onClick={leaveSignedOut}>{say("part.not_now")}</button>
        </div>
      </form>
    </Dialog>
  );
}
