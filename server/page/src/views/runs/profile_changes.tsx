// What changed for one profile: whom, how well they fit, from where to where, and why.
import { Fit } from "../../parts/fit";
import { Table } from "../../parts/table";
import { pairAddress, profileAddress } from "../../parts/way";
import { CaseTerm, Country, CountryName } from "../../words/names";
import { number, say } from "../../words/say";
import type { Digest } from "./changes";

type Profile = Digest["profiles"][number];
type Change = Profile["changes"][number];

const LOOK: Record<string, string> = { new: "badge accent", gone: "badge bad" };

function placeText(change: Change): string {
  if (change.place === undefined) return change.place_before !== undefined ? say("runs.was", { n: change.place_before }) : "";
  if (change.place_before === undefined || change.place_before === change.place) return number(change.place);
  return say("runs.now_was", { n: change.place, before: change.place_before });
}

export function ProfileChanges({ profile, programme, first }: { profile: Profile; programme: string; first: boolean }) {
  const rows = profile.changes.map((change) => [
    <>{change.title ? <a href={pairAddress(profile.id, change.id, programme)}><bdi>{change.title}</bdi></a> : <span class="id">{change.id}</span>} <span class="quiet small"><CountryName code={change.country} /></span></>,
    <>
      <span class={LOOK[change.change] ?? "badge"}>{first ? say("runs.suggested") : <CaseTerm list="change.kind" code={change.change} />}</span>
      {change.proposed && change.change !== "proposed" && !first && <> <span class="badge good">{say("runs.suggested")}</span></>}
    </>,
    change.band ? <Fit band={change.band} /> : <span class="quiet">–</span>,
    placeText(change),
    <span dir="auto">{change.why}</span>,
  ]);
  return (
    <section class="card stack-s">
      <h2 class="row"><a href={profileAddress(profile.id)}><bdi>{profile.title || profile.id}</bdi></a> <span class="m quiet"><Country code={profile.country} /></span></h2>
      <Table label={`${say("runs.changes_of", { name: profile.title })} (${profile.id})`} rows={rows}
        columns={[{ head: say("column.counterpart") }, { head: say("column.change") }, { head: say("column.band") }, { head: say("column.place") }, { head: say("term.why") }]} />
      {profile.more && <p class="m"><a href={profileAddress(profile.id) + "/matches?programme=" + programme}>{say("runs.more_of_it", { n: profile.more })}</a></p>}
    </section>
  );
}
