// A profile is written or changed. What is typed is kept in this browser, and on the server where it keeps drafts.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { readKept } from "../../kept";
import { Answered, Loading } from "../../parts/states";
import { profileAddress } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import type { Json } from "./members";
import { own, WriteForm } from "./write_form";

function Change({ place, id }: ViewProps & { id: string }) {
  const shown = useAnswer("profile " + id, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  // What is proposed and not published yet is what is mended; of a new profile there is nothing else.
  const proposed = useAnswer("proposed " + id, (signal) => get("/v1/profiles/{id}/draft", { path: { id }, signal }));
  const data = (proposed.data?.profile ?? shown.data) as Json | null;
  const settled = !(proposed.busy && !proposed.data) && !(shown.busy && !shown.data);
  const again = () => (shown.again(), proposed.again());
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
  if (settled && (readKept("draft:" + place.path) !== null || data !== null))
    return <WriteForm key={place.path} place={place} id={id} review={proposed.data?.case} now={data ? { profile: own(data), etag: shown.etag, again } : undefined} />;
  return <><h1 class="hidden">{say("form.title_of", { title })}</h1>{settled ? <Answered shown={shown}>{() => null}</Answered> : <Loading />}</>;
}

function New({ place }: ViewProps) {
  useTitle(say("form.new"));
  return <WriteForm place={place} />;
}

export default function Form({ place }: ViewProps) {
  const { id } = place.params;
  return id ? <Change key={id} place={place} id={id} /> : <New place={place} />;
}
