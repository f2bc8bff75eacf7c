// Where an invitation's link leads: its secret stands behind the #, which no server sees, and is used by a button, since
// programs that look into mail open links, too.
import { useState } from "preact/hooks";
import type { Problem } from "../../api/client";
import { Empty, Trouble } from "../../parts/states";
import { useTitle } from "../../shell/arrive";
import { go } from "../../shell/place";
import { signIn } from "../../shell/signing";
import { say } from "../../words/say";

export default function SignInView() {
  useTitle(say("session.title"));
  const [secret] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [keep, setKeep] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key, setKey] = useState("");
  const begin = () =>
    signIn(secret, keep).then(
      (made) => {
        history.replaceState(history.state, "", location.pathname); // it is used up
        if (made.token) setKey(made.token);
        else go("/", { replace: true });
      },
      (refused: Problem) => setProblem(refused),
    );
  const heading = <h1>{say("session.title")}</h1>;
  if (key)
    return (
      <>
        {heading}
        <section class="card stack measure">
          <p>{say("sign_in.key")}</p>
          <p><code class="id">{key}</code></p>
          <p class="m quiet">{say("sign_in.key_once")}</p>
          <div class="row"><a class="button main" href="/">{say("sign_in.go_on")}</a></div>
        </section>
      </>
    );
  if (!secret) return <>{heading}<Empty title={say("sign_in.no_link")}><p>{say("sign_in.no_link_remedy")}</p><a class="button main" href="/">{say("trouble.home")}</a></Empty></>;
  return (
    <>
      {heading}
      {problem && <Trouble problem={problem} />}
      <section class="card stack measure">
        <p>{say("sign_in.invited")}</p>
        <label class="check"><input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} /> {say("sign_in.keep")}</label>
        <div class="row"><button type="button" class="button main" onClick={() => void begin()}>{say("session.sign_in")}</button></div>
      </section>
    </>
  );
}
