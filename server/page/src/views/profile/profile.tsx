// One profile: what it offers and seeks, its facts, how complete it is, who fits it.
import { useAnswer } from "../../api/answer";
import { get, type Profile } from "../../api/client";
import { portfolioAddress, profileAddress } from "../../parts/way";
import { Received } from "../../parts/received";
import { Answered } from "../../parts/states";
import { Id } from "../../parts/text";
import { useTitle } from "../../shell/arrive";
import { isThere } from "../../shell/place";
import { CountryName, useTerms } from "../../words/names";
import { list, say } from "../../words/say";
import type { ViewProps } from "../../views";
import { BestMatches, Matches } from "./matches";
import { Owner, Contact, ProfileFacts, Completeness } from "./aside";
import { Tabs } from "./tabs";
import { References, Texts } from "./texts";

function Head({ profile }: { profile: Profile }) {
  const terms = useTerms();
  const kind = terms?.kind?.[profile.kind] ?? profile.kind;
  const roles = (profile.roles ?? []).map((role) => terms?.role?.[role] ?? role);
  const search = "/search?profile=" + encodeURIComponent(profile.id);
  const edit = profileAddress(profile.id) + "/edit";
  return (
    <>
      <header class="row apart top">
        <div class="grow stack-s">
          <h1><bdi>{profile.title}</bdi></h1>
          <p class="m row"><span>{list([kind, ...roles])} · <CountryName code={profile.country} /><Received from={profile.received_from} /></span><Id id={profile.id} /></p>
        </div>
        <div class="row noprint">
          {!profile.received_from && isThere(edit) && <a class="button" href={edit}>{say("profile.edit")}</a>}
          {profile.kind === "project" && <a class="button" href={portfolioAddress(profile.id)}>{say("profile.portfolio")}</a>}
          <a class="button main" href={search}>{say("profile.find")}</a>
        </div>
      </header>
      {profile.alias_of && (
        <p class="notice warn"><span>{say("profile.merged")}</span><a href={profileAddress(profile.alias_of)}><Id id={profile.alias_of} /></a></p>
      )}
    </>
  );
}

function Whole({ profile }: { profile: Profile }) {
  return (
    <div class="cols side-end">
      <div class="stack">
        <Texts profile={profile} />
        <References profile={profile} />
        <BestMatches id={profile.id} />
      </div>
      <aside class="stack" aria-label={say("profile.facts")}>
        <ProfileFacts profile={profile} />
        <Completeness id={profile.id} />
        <Owner profile={profile} />
        <Contact profile={profile} />
      </aside>
    </div>
  );
}

export default function ProfileView({ place }: ViewProps) {
  const id = place.params.id!;
  const matches = place.path.endsWith("/matches");
  const shown = useAnswer("profile " + id, (signal) => get("/v1/profiles/{id}", { path: { id }, signal }));
  const title = shown.data?.title ?? id;
  useTitle(matches ? say("profile.matches_of", { title }) : title);
  return (
    <>
      {!shown.data && <h1 class="hidden">{say("term.profile")} <Id id={id} /></h1>}
      <Answered shown={shown}>
        {(profile) => (
          <>
            <Head profile={profile as Profile} />
            <Tabs id={id} here={matches ? "matches" : ""} />
            {matches ? <Matches id={id} place={place} /> : <Whole profile={profile as Profile} />}
          </>
        )}
      </Answered>
    </>
  );
}
