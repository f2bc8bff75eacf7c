// The form of an officer or an owner with an account: for a new profile, or for one that is there.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, post, type Problem, put } from "../../api/client";
import { keep, readKept, useDraft } from "../../kept";
import { Acting } from "../../parts/acting";
import { announce } from "../../parts/announce";
import { profileAddress, reviewAddress, Way } from "../../parts/way";
import { go, type Place } from "../../shell/place";
import { say } from "../../words/say";
import { Body, stepOf, Steps } from "./body";
import { Alike, Completeness, Problems, ThreeWay, WhoWouldSee } from "./lazily";
import { by, type Copy, type Key, type OwnDraft, useCopy } from "./copy";
import { type Json, same } from "./members";
import { byField, faultsOf } from "./faults";
import { useReach } from "./reach";
import type { Mark } from "./reveals";
import { Saved, WhoSeesWhat } from "./saved";

export interface Written {
  profile: Json;
  base: Json | null; // what it was changed from
  etag: string | null; // of that
  token: string; // by which a call that is repeated makes no second profile
  at: number; // when something was typed
}

// What a profile is told with and is none of its members, or is said by the address.
export function own({ id: _, due_diligence: __, alias_of: ___, received_from: ____, ...profile }: Json): Json {
  return profile;
}

// Whose mailbox it is need not be shown by whoever has an account.
const mailApart = (missing: OwnDraft["missing"]) => missing.filter((one) => one.member !== "contact.email" || !one.remedy?.includes(":confirm-mail"));

const COPY = "copy"; // where this browser keeps what opens the server's copy, one for all forms
const readKey = (path: string): Key | null => {
  const kept = JSON.parse(readKept(COPY) ?? "null") as (Key & { of: string }) | null;
  return kept && (kept.of === path || kept.of === "") ? { id: kept.id, secret: kept.secret } : null;
};
const keepKey = (key: Key | null, of: string) => keep(COPY, key && JSON.stringify({ ...key, of }));

interface Now {
  profile: Json;
  etag: string | null;
  again(): void;
}

function Parted({ draft, id, profile }: { draft: Copy; id?: string; profile: Json }) {
  // Without a copy on the server, what is told of the stored profile is the nearest.
  const stored = id !== undefined && draft.draft === null ? id : null;
  const advice = useAnswer(stored && "advice " + stored, (signal) => get("/v1/profiles/{id}/advice", { path: { id: stored! }, signal })).data;
  const reachOf = useAnswer(stored && "reach " + stored, (signal) => get("/v1/profiles/{id}/reach", { path: { id: stored! }, signal })).data;
  const reach = useReach(draft) ?? reachOf;
  return (
    <>
      {(draft.draft?.advice ?? advice) && <Completeness advice={(draft.draft?.advice ?? advice)!} />}
      <Alike profile={profile} own={id} />
      {reach && <WhoWouldSee reach={reach} />}
    </>
  );
}

interface Props {
  place: Place;
  id?: string; // of the profile that is changed
  review?: string; // the case under which what is changed waits for its review
  now?: Now; // what is there
}

export function WriteForm({ place, id, review: waits, now }: Props) {
  const step = stepOf(place), path = place.path;
  const fresh = { profile: now?.profile ?? {}, base: now?.profile ?? null, etag: now?.etag ?? null, at: 0 };
  const [kept, write, forget] = useDraft<Written>(path, { ...fresh, token: crypto.randomUUID?.() ?? String(Math.random()) });
  const written = kept.at === 0 ? { ...kept, ...fresh } : kept; // nothing was typed: it is as it stands now
  const { profile } = written;
  const [key, setKey] = useState<Key | null>(() => readKey(path));
  const copy = useCopy({
    profile, key, wanted: written.at > 0 && Object.keys(profile).length > 0, careful: false,
    onKey: (next) => (setKey(next), keepKey(next, path)),
  });
  const [tried, setTried] = useState(0);
  const [refused, setRefused] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [review, setReview] = useState(false);
  const [desk, setDesk] = useState(place.query.get("desk") ?? "");

  const findings = (refused?.body as { findings?: { member: string; offset: number; length: number; kind: string }[] } | undefined)?.findings;
  const marks: Mark[] = copy.draft?.reveals ?? (findings ?? []).map((one) => ({ member: one.member, from: one.offset, to: one.offset + one.length, kind: one.kind }));
  const found = mailApart(copy.draft?.missing ?? []);
  const faults = faultsOf(profile, refused && !findings && refused.member ? [...found, { member: refused.member, detail: refused.detail }] : found);
  const overtaken = now && written.at > 0 && written.base && !same(written.base, now.profile);
  const etag = now?.etag ?? written.etag; // of what is the same as the base
  const change = (next: Json) => {
    setRefused(null);
    write({ ...written, profile: next, at: Date.now() });
  };

  const leave = () => {
    forget();
    if (!key) return;
    keepKey(key, ""); // the next form takes it; what stood in it goes
    put("/v1/drafts/{id}", {}, by(key)).catch(() => {});
  };
  const send = async (insist: boolean) => {
    setTried(tried + 1);
    setBusy(true);
    const checked = written.at > 0 ? await copy.save() : null;
    const wrong = faultsOf(profile, mailApart(checked?.missing ?? []));
    if (wrong.length || (checked && checked.reveals.length > 0 && !insist)) return setBusy(false);
    const query = { ...(insist && { insist: true }), ...(review && { as: "review" }), ...(desk && { desk }) };
    try {
      const { data } = id
        ? await put("/v1/profiles/{id}", profile as never, { path: { id }, query, headers: etag ? { "If-Match": etag } : {} })
        : await post("/v1/profiles", profile as never, { query, headers: { "Idempotency-Key": written.token } });
      leave();
      const held = (data as { case?: string }).case;
      announce(say(held ? "form.handed_in" : "form.stored"));
      go(held ? reviewAddress(held) + (desk ? "?desk=" + encodeURIComponent(desk) : "") : profileAddress((data as { id: string }).id));
    } catch (error) {
      const problem = error as Problem;
      setRefused(problem);
      if (problem.trouble === "overtaken") now?.again();
    } finally {
      setBusy(false);
    }
  };

  const title = typeof profile.title === "string" && profile.title ? profile.title : (id ?? say("form.new"));
  const throwAway = () => {
    const before = written;
    write({ ...written, ...fresh });
    announce(say("form.thrown_away"), () => write(before));
  };
  return (
    <>
      <header class="row apart top">
        <div class="grow">
          <h1>{say("form.profile_of")} <bdi>{title}</bdi></h1>
          <Saved browser={written.at} copy={copy} />
        </div>
        <div class="row">
          {written.at > 0 && <button type="button" class="button" onClick={throwAway}>{say("form.throw_away")}</button>}
          <a class="button" href={id ? profileAddress(id) : "/"}>{say("form.leave")}</a>
        </div>
      </header>
      {waits && <p class="notice"><span>{say("form.of_proposal")}</span><Way href={reviewAddress(waits)} class="button small">{say("form.to_review")}</Way></p>}
      <Steps step={step} />
      {tried > 0 && faults.length + marks.length > 0 && <Problems faults={faults} marks={marks} turn={tried} />}
      {refused && refused.trouble !== "overtaken" && !findings && !(refused.member && faults.length) && (
        <p class="notice bad" role="alert"><span dir="auto">{refused.detail} {refused.remedy}</span></p>
      )}
      <div class="cols side-end">
        {overtaken ? (
          <ThreeWay base={written.base} theirs={now.profile} yours={profile}
            done={(next) => (setRefused(null), write({ ...written, profile: next, base: now.profile, etag: now.etag, at: Date.now() }))} />
        ) : (
          <Body step={step} officer writing={{ profile, change, wrong: byField(profile, faults, tried > 0), marks }} last={
            <section class="card stack">
              <h2>{say("form.hand_in_title")}</h2>
              <Acting label={say("form.for_desk")} hint={say("form.for_desk_hint")} desk={desk} change={setDesk} />
              <label class="check"><input type="checkbox" checked={review} onChange={() => setReview(!review)} /> {say("form.review_first")}</label>
              <div class="row">
                <button type="button" class="button main" aria-disabled={busy} onClick={() => !busy && void send(false)}>{say(id ? "form.save_changes" : "form.hand_in")}</button>
                {tried > 0 && marks.length > 0 && faults.length === 0 && (
                  <button type="button" class="button" onClick={() => void send(true)}>{say("form.insist")}</button>
                )}
              </div>
            </section>
          } />
        )}
        <aside class="stack" aria-label={say("form.checks")}>
          <Parted draft={copy} id={id} profile={profile} />
          <WhoSeesWhat />
        </aside>
      </div>
    </>
  );
}
