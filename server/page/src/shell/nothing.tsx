// At an address that no view has.
import { say } from "../words/say";
import { useArrival, useTitle } from "./arrive";

export function Nothing() {
  useTitle(say("trouble.nothing"));
  useArrival();
  return (
    <div class="card empty">
      <h1>{say("trouble.nothing")}</h1>
      <p>{say("trouble.nothing_remedy")}</p>
      <div class="row middle"><a class="button main" href="/">{say("trouble.home")}</a></div>
    </div>
  );
}
