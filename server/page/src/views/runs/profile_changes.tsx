// What changed for one profile: whom, how well they fit, from where to where, and why.
import { Fit } from "../../parts/fit";
import { Received } from "../../parts/received";
import { pairAddress, profileAddress } from "../../parts/way";
import { CaseTerm, Country, CountryName } from "../../words/names";
import { say } from "../../words/say";
import type { Digest } from "./changes";

type Profile = Digest["profiles"][number];
type Change = Profile["changes"][number];

const LOOK: Record<string, string> = { new: "badge accent", gone: "badge bad" };

function placeText(change: Change): string {
  if (change.place === undefined) return change.place_before !== undefined ? say("runs.was", { n: change.place_before }) : "";
  if (change.place_before === undefined || change.place_before === change.place) return say("runs.place", { n: change.place });
  return say("runs.now_was", { n: change.place, before: change.place_before });
}

function Row({ change, of, programme, first }: { change: Change; of: string; programme: string; first: boolean }) {
  const suggested = change.proposed && change.change !== "proposed" && !first;
  return (
    <li>
      <div>
        <h3>{change.title ? <a href={pairAddress(of, change.id, programme)}><bdi>{change.title}</bdi></a> : <span class="id">{change.id}</span>}</h3>
        <p class="m">
          <span class={LOOK[change.change] ?? "badge"}>{first ? say("runs.suggested") : <CaseTerm list="change.kind" code={change.change} />}</span>
          {suggested && <> <span class="badge good">{say("runs.suggested")}</span></>}
          {change.country && <> <span class="quiet"><CountryName code={change.country} /><Received from={change.received_from} /></span></>} <span class="quiet">· {placeText(change)}</span>
        </p>
        <p class="m quiet" dir="auto">{change.why}</p>
      </div>
      {change.band && <Fit band={change.band} />}
    </li>
  );
}

export function ProfileChanges({ profile, programme, first }: { profile: Profile; programme: string; first: boolean }) {
  return (
    <section class="card flush">
      <header><h2><a href={profileAddress(profile.id)}><bdi>{profile.title || profile.id}</bdi></a></h2><p class="m quiet"><Country code={profile.country} /><Received from={profile.received_from} /></p></header>
      <ul class="rows acts">{profile.changes.map((change) => <Row key={change.id} change={change} of={profile.id} programme={programme} first={first} />)}</ul>
      {profile.more && <p class="m inner"><a href={profileAddress(profile.id) + "/matches?programme=" + programme}>{say("runs.more_of_it", { n: profile.more })}</a></p>}
    </section>
  );
}
