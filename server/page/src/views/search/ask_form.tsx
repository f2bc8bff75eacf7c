// The question. What is written and not asked yet is kept for this address.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { useDraft } from "../../kept";
import { Field } from "../../parts/field";
import { go, type Place, withQuery } from "../../shell/place";
import { say } from "../../words/say";

interface Written {
  seek: string;
  offer: string;
  profile: string;
  programme: string;
}
const LONGEST = 20_000;

export function AskForm({ place }: { place: Place }) {
  const text = (name: string) => place.query.get(name) ?? "";
  const inForce: Written = { seek: text("seek"), offer: text("offer"), profile: text("profile"), programme: text("programme") || "open" };
  const [written, write, forget] = useDraft<Written>(place.path + "?" + place.query, inForce);
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  // What stands behind the id that is in force: a live check of the field.
  const stored = useAnswer(inForce.profile ? "profile " + inForce.profile : null, (signal) => get("/v1/profiles/{id}", { path: { id: inForce.profile }, signal }));
  const same = written.profile === inForce.profile;
  const about = programmes.find((one) => one.slug === written.programme)?.description;

  const ask = (event?: Event) => {
    event?.preventDefault();
    forget();
    go(withQuery({ ...written, programme: written.programme === "open" ? null : written.programme, bands: null }, { ...place, path: "/search" }));
  };
  const area = (name: "seek" | "offer") => ({
    value: written[name], rows: 2, maxLength: LONGEST, dir: "auto" as const,
    onInput: (event: { currentTarget: HTMLTextAreaElement }) => write({ ...written, [name]: event.currentTarget.value }),
    onKeyDown: (event: KeyboardEvent) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask(event); },
  });

  return (
    <form class="card stack-s" role="search" aria-label={say("search.form")} onSubmit={ask}>
      <Field label={say("search.seek")}>{(attributes) => <textarea {...attributes} {...area("seek")} />}</Field>
      <details open={Boolean(written.offer || written.profile)}>
        <summary>{say("search.more")}</summary>
        <div class="stack-s">
          <Field label={say("search.offer")}>{(attributes) => <textarea {...attributes} {...area("offer")} />}</Field>
          <Field label={say("search.profile")} hint={say("search.profile_hint")} ok={same && stored.data && <bdi>{stored.data.title}</bdi>}
            error={same && stored.problem?.trouble === "gone" && <span dir="auto">{stored.problem.detail}</span>}>
            {(attributes) => (
              <input {...attributes} value={written.profile} maxLength={128} dir="ltr" autocomplete="off"
                onInput={(event) => write({ ...written, profile: event.currentTarget.value })} />
            )}
          </Field>
        </div>
      </details>
      <div class="row apart">
        <div class="row">
          <label class="label" for="programme">{say("search.programme")}</label>
          <select class="input" id="programme" value={written.programme}
            onChange={(event) => write({ ...written, programme: event.currentTarget.value })}>
            {(programmes.length ? programmes : [{ slug: written.programme, name: written.programme }]).map((one) => (
              <option key={one.slug} value={one.slug}>{one.name}</option>
            ))}
          </select>
        </div>
        <button class="button main" type="submit">{say("search.ask")}</button>
      </div>
      {about && <p class="small quiet" dir="auto">{about}</p>}
    </form>
  );
}
