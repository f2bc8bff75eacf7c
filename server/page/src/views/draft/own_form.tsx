// The form of whoever has no account: the server keeps the draft under a secret, and says what it lacks at each save.
import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Problem, type Schemas } from "../../api/client";
import { keep, readKept } from "../../kept";
import { announce } from "../../parts/announce";
import { go, type Place } from "../../shell/place";
import { say } from "../../words/say";
import { Body, stepOf, Steps } from "../form/body";
import { Completeness, Problems, ThreeWay, WhoWouldSee } from "../form/lazily";
import { by, type Key, type OwnDraft, useCopy } from "../form/copy";
import { type Json, same } from "../form/members";
import { byField, faultsOf } from "../form/faults";
import { useReach } from "../form/reach";
import { Saved, WhoSeesWhat } from "../form/saved";
import { Link, Mailbox, OwnActs, Standing, Until } from "./lazily";
import { remember, rememberedIds } from "./secret";

interface Typed {
  profile: Json;
  base: Json | null; // what the server had when this was typed
  version: number;
  at: number;
}
const NOTHING: Typed = { profile: {}, base: null, version: 0, at: 0 };
const asIs = (now: OwnDraft): Typed => ({ profile: now.profile as Json, base: now.profile as Json, version: now.version, at: 0 });

interface Props {
  place: Place;
  opened: Key | null; // null: it is not begun yet
  now: OwnDraft | null;
  etag: string | null;
  again(): void;
  begun(id: string): void;
  erased(receipt: Schemas["ErasureReceipt"]): void;
}

// Other drafts that this browser opened.
function Others() {
  const ids = rememberedIds();
  if (!ids.length) return null;
  return (
    <section class="notice">
      <div class="stack-s">
        <p>{say("draft.here_already")}</p>
        <ul class="m">{ids.map((id) => <li key={id}><a href={"/drafts/" + encodeURIComponent(id)}><bdi class="id">{id}</bdi></a></li>)}</ul>
      </div>
    </section>
  );
}

export function OwnForm({ place, opened, now, etag, again, begun, erased }: Props) {
  const step = stepOf(place);
  const [typed, setTyped] = useState<Typed>(() => JSON.parse(readKept("draft:" + place.path) ?? "null") ?? (now ? asIs(now) : NOTHING));
  const [tried, setTried] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  // A draft that is begun gets its own address while somebody types: what they type goes on in the same form.
  const latest = useRef(typed), kept = useRef("draft:" + place.path);
  const type = (next: Typed) => {
    latest.current = next;
    setTyped(next);
    keep(kept.current, JSON.stringify(next));
  };
  const dirty = !same(typed.profile, typed.base ?? {});
  const behind = now !== null && now.version > typed.version && dirty && typed.base !== null && !same(now.profile, typed.profile);

  const copy = useCopy({
    profile: typed.profile, key: opened, careful: true,
    wanted: dirty && !behind && (opened === null || now !== null),
    onKey(key, draft) {
      if (!key || !draft) return;
      remember(key);
      begun(key.id);
      keep(kept.current, null);
      kept.current = "draft:/drafts/" + key.id;
      type({ ...latest.current, base: draft.profile as Json, version: draft.version });
      go(`/drafts/${encodeURIComponent(key.id)}${location.search}`, { replace: true, stay: true });
    },
    onSaved: (profile, draft) => type({ ...latest.current, base: profile, version: draft.version }),
    onOvertaken: again,
  });

  // What the server has is taken, unless something else was typed here since.
  useEffect(() => {
    if (!now || now.version < typed.version || behind) return;
    if (now.version >= (copy.draft?.version ?? 0)) copy.take(now, etag);
    if (now.version > typed.version) type({ ...asIs(now), at: typed.at });
  }, [now, behind]);

  const { profile } = typed;
  const reach = useReach(copy);
  const marks = copy.draft?.reveals ?? [];
  const faults = faultsOf(profile, copy.draft?.missing ?? []);
  const change = (next: Json) => {
    setProblem(null);
    type({ ...latest.current, profile: next, at: Date.now() });
  };
  const settle = (next: Json) => {
    copy.take(now!, etag);
    type({ profile: next, base: now!.profile as Json, version: now!.version, at: Date.now() });
  };
  const handIn = async (insist: boolean) => {
    setTried(tried + 1);
    setBusy(true);
    try {
      const saved = await copy.save();
      if (!saved || !opened || faultsOf(profile, saved.missing).length || (saved.reveals.length && !insist)) return;
      const { path, headers } = by(opened);
      const answer = await post("/v1/drafts/{id}:submit", undefined as never, { path, headers, query: insist ? { insist: true } : {} });
      copy.take(answer.data, answer.etag);
      setTried(0);
      announce(say("draft.handed_in"));
      scrollTo(0, 0);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  const title = typeof profile.title === "string" && profile.title ? profile.title : null;
  return (
    <>
      <header class="stack-s">
        <h1>{title ? <>{say("draft.profile_of")} <bdi>{title}</bdi></> : say("draft.title")}</h1>
        {!opened && <p class="measure">{say("draft.how")}</p>}
        <Saved browser={typed.at} copy={copy} />
      </header>
      {!opened && <Others />}
      {copy.draft && <Standing draft={copy.draft} />}
      <Steps step={step} />
      {tried > 0 && faults.length + marks.length > 0 && <Problems faults={faults} marks={marks} turn={tried} />}
      {problem && <p class="notice bad" role="alert"><span dir="auto">{problem.detail} {problem.remedy}</span></p>}
      <div class="cols side-end">
        {behind ? <ThreeWay base={typed.base} theirs={now.profile as Json} yours={profile} done={settle} /> : (
          <Body step={step} officer={false} writing={{ profile, change, wrong: byField(profile, faults, tried > 0), marks }} last={
            <>
              <Mailbox copy={copy} opened={opened} again={again} />
              <div class="row">
                <button type="button" class="button main" aria-disabled={busy} onClick={() => !busy && void handIn(false)}>
                  {say(copy.draft?.handed_in ? "draft.hand_in_again" : "draft.hand_in")}
                </button>
                {tried > 0 && marks.length > 0 && faults.length === 0 && <button type="button" class="button" onClick={() => void handIn(true)}>{say("form.insist")}</button>}
              </div>
            </>
          } />
        )}
        <aside class="stack" aria-label={say("form.checks")}>
          {opened && <Link opened={opened} />}
          {copy.draft && <Completeness advice={copy.draft.advice} />}
          {reach && <WhoWouldSee reach={reach} />}
          <WhoSeesWhat>{copy.draft && <Until draft={copy.draft} />}</WhoSeesWhat>
          {opened && <OwnActs opened={opened} copy={copy} erased={erased} />}
        </aside>
      </div>
    </>
  );
}
