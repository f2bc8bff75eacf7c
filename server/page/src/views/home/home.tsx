// What needs this reader today, what waits for others, what the night brought.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { Answered, Loading } from "../../parts/states";
import { useTitle } from "../../shell/arrive";
import { useMe } from "../../shell/me";
import { isThere } from "../../shell/place";
import { longDayText } from "../../words/dates";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { Choose } from "./choose";
import { Lists } from "./lists";
import { Overview } from "./overview";

const NEW_PROFILE = "/profiles/new";

export default function Home({ place }: ViewProps) {
  useTitle(say("term.today"));
  const me = useMe();
  const desk = place.query.get("desk") ?? (place.query.has("office") ? "" : (me?.desk ?? ""));
  const office = desk ? "" : (place.query.get("office") ?? me?.office ?? "");
  const whose = desk ? { desk } : office ? { office } : null;
  const shown = useAnswer(whose && "desk " + JSON.stringify(whose), (signal) => get("/v1/desk", { query: whose!, signal }));
  const at = shown.data?.office;
  const named = useAnswer(at ? "office " + at : null, (signal) => get("/v1/offices/{id}", { path: { id: at! }, signal })).data?.office.name ?? at;
  const today = Date.now();
  return (
    <>
      <header class="row apart">
        <div>
          <h1>{say("term.today")}</h1>
          <p class="quiet m"><time dateTime={new Date(today).toISOString().slice(0, 10)}>{longDayText(today)}</time>{named && <> · <bdi>{named}</bdi></>}</p>
        </div>
        <div class="row noprint">
          {whose !== null && <a class="button" href="/suitcase">{say("home.take_along")}</a>}
          {isThere(NEW_PROFILE) && <a class="button main" href={NEW_PROFILE}>{say("home.new_profile")}</a>}
        </div>
      </header>
      {whose === null && me === undefined && <Loading />}
      {whose === null && me !== undefined && <Choose signedIn={me !== null} />}
      {whose !== null && (
        <Answered shown={shown}>
          {(view) => (
            <div class="cols side-end">
              <Lists view={view} own={me?.desk} />
              <Overview view={view} />
            </div>
          )}
        </Answered>
      )}
    </>
  );
}
