// A profile is written or changed. What is typed is kept in this browser, and on the server where it keeps drafts.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { readKept } from "../../kept";
import { Answered } from "../../parts/states";
import { profileAddress } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import type { Json } from "./members";
import { own, WriteForm } from "./write_form";

function Change({ place, id }: ViewProps & { id: string }) {
  const shown = useAnswer("profile " + id, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  const data = shown.data as Json | null;
  const title = typeof data?.title === "string" ? data.title : id;
  useTitle(say("form.title_of", { title }));
  if (typeof data?.alias_of === "string")
    return (
      <div class="card empty">
        <h1>{say("form.is_merged")}</h1>
        <p><a href={profileAddress(data.alias_of) + "/edit"}><bdi>{title}</bdi></a></p>
      </div>
    );
  // What was typed is there also while the server is not.
  if (readKept("draft:" + place.path) !== null || data !== null)
    return <WriteForm key={place.path} place={place} id={id} now={data ? { profile: own(data), etag: shown.etag, again: shown.again } : undefined} />;
  return <><h1 class="hidden">{say("form.title_of", { title })}</h1><Answered shown={shown}>{() => null}</Answered></>;
}

function New({ place }: ViewProps) {
  useTitle(say("form.new"));
  return <WriteForm place={place} />;
}

export default function Form({ place }: ViewProps) {
  const { id } = place.params;
  return id ? <Change key={id} place={place} id={id} /> : <New place={place} />;
}
