// The office's own profiles, and any that was taken along: what it says, who fits it and why.
import { Fit } from "../parts/fit";
import { Passage } from "../parts/reasons";
import { Quote } from "../parts/text";
import { Country, Term } from "../words/names";
import { number, say } from "../words/say";
import { briefAddress, editAddress, pairAddress, profileAddress } from "./inside/way";
import { type Match, type Profile, taken, writtenFor } from "./state";

export function Profiles() {
  const { profiles } = taken.get()!;
  const rows = (own: boolean) => Object.entries(profiles).filter(([, one]) => one.own === own).map(([id, { profile }]) => (
    <li key={id}>
      <div><h3><a href={profileAddress(id)}><bdi>{profile.title}</bdi></a></h3>
        <p class="m quiet"><Term list="kind" code={profile.kind} /> · <Country code={profile.country} /></p>
        {writtenFor("profile", id) && <p class="small ok">{say("taken.written_here")}</p>}</div>
    </li>
  ));
  const own = rows(true), others = rows(false);
  return (
    <>
      <h1>{say("column.profiles")}</h1>
      <section class="card flush" aria-labelledby="own"><header><h2 id="own">{say("taken.own_profiles")} <span class="count">{number(own.length)}</span></h2></header><ul class="rows">{own}</ul></section>
      {others.length > 0 && <section class="card flush" aria-labelledby="others"><header><h2 id="others">{say("taken.other_profiles")} <span class="count">{number(others.length)}</span></h2></header><ul class="rows">{others}</ul></section>}
    </>
  );
}

export const TEXTS = [["seeks", "column.seeks"], ["offers", "column.offers"], ["summary", "column.summary"]] as const;

export function Reasons({ match }: { match: Match }) {
  return (
    <>
      <ul class="m plain">{match.reasons.map((reason) => <li key={reason} dir="auto">{reason}</li>)}</ul>
      {match.evidence && <Passage evidence={match.evidence} />}
    </>
  );
}

function Matches({ id }: { id: string }) {
  const { matches } = taken.get()!;
  const found = matches[id];
  if (!found) return null;
  return (
    <section class="card flush" aria-labelledby="matches">
      <header><h2 id="matches">{say("taken.best_matches")} <span class="count">{number(found.matches.length)}</span></h2></header>
      {found.matches.length === 0 && <p class="m quiet inner first">{say("taken.nobody_fits")}</p>}
      <ol class="rows acts">
        {found.matches.map((match) => (
          <li key={match.id}>
            <div class="stack-s">
              <h3><a href={pairAddress(id, match.id)}><bdi>{match.title}</bdi></a></h3>
              <p class="m"><Country code={match.country} /></p>
              <Reasons match={match} />
            </div>
            <Fit band={match.band} />
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Said({ profile }: { profile: Profile }) {
  return (
    <>
      {TEXTS.map(([member, word]) => profile[member] && (
        <div class="stack-s" key={member}><h3>{say(word)}</h3><Quote text={profile[member]!} lang={profile.lang} /></div>
      ))}
    </>
  );
}

export function OneProfile({ id }: { id: string }) {
  const { profiles, briefs, advice } = taken.get()!;
  const found = profiles[id];
  if (!found) return <h1>{say("taken.not_here")}</h1>;
  const { profile } = found;
  const contact = (profile.contact ?? {}) as Record<string, string>;
  const missing = (advice[id] as { advice?: { text?: string }[] } | undefined)?.advice ?? [];
  return (
    <>
      <header class="row apart top">
        <div>
          <h1><bdi>{profile.title}</bdi></h1>
          <p class="m"><Term list="kind" code={profile.kind} /> · {briefs[profile.country] ? <a href={briefAddress(profile.country)}><Country code={profile.country} /></a> : <Country code={profile.country} />} <span class="id quiet">{id}</span></p>
        </div>
        {found.own && <a class="button main" href={editAddress(id)}>{say("taken.change_it")}</a>}
      </header>
      {writtenFor("profile", id) && <p class="notice good"><span>{say("taken.written_here")}</span></p>}
      <div class="cols side-end">
        <div class="stack"><Matches id={id} /></div>
        <div class="stack">
          <section class="card stack" aria-label={say("taken.what_it_says")}>
            <Said profile={profile} />
            {Object.keys(contact).length > 0 && <div class="stack-s"><h3>{say("column.contact")}</h3><ul class="m plain">{Object.entries(contact).map(([name, value]) => <li key={name}><bdi>{value}</bdi></li>)}</ul></div>}
          </section>
          {missing.some((one) => one.text) && (
            <section class="card stack-s" aria-labelledby="advice"><h2 id="advice">{say("taken.to_add")}</h2>
              <ul class="m plain">{missing.map((one, i) => one.text && <li key={i} dir="auto">{one.text}</li>)}</ul></section>
          )}
        </div>
      </div>
    </>
  );
}
