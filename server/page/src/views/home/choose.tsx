// Whoever has no desk chooses whose day to look at; where there are no offices yet, the search is the way in.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { Empty } from "../../parts/states";
import { go } from "../../shell/place";
import { say } from "../../words/say";

export function Choose({ signedIn }: { signedIn: boolean }) {
  const shown = useAnswer(signedIn ? "offices" : null, (signal) => get("/v1/offices", { signal }));
  const directory = shown.data;
  return (
    <>
      {directory && directory.offices.length > 0 && (
        <section class="card stack-s measure">
          <h2><label for="whose">{say("home.whose")}</label></h2>
          <select class="input wide" id="whose" value="" onChange={(event) => event.currentTarget.value && go("/?" + event.currentTarget.value)}>
            <option value="">{say("home.choose")}</option>
            {directory.offices.map((office) => (
              <optgroup key={office.id} label={office.name}>
                <option value={"office=" + encodeURIComponent(office.id)}>{say("home.whole_office_of", { name: office.name })}</option>
                {directory.desks.filter((desk) => desk.office === office.id).map((desk) => (
                  <option key={desk.id} value={"desk=" + encodeURIComponent(desk.id)}>{desk.name}</option>
                ))}
              </optgroup>
            ))}
          </select>
        </section>
      )}
      <Empty title={say("home.begin")}>
        <p>{say("home.begin_how")}</p>
        <div class="row middle"><a class="button main" href="/search">{say("term.search")}</a></div>
      </Empty>
    </>
  );
}
