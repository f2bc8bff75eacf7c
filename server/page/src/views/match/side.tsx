// One of the two, in its own words, with the passage that speaks for the match marked and numbered.
import type { Profile } from "../../api/client";
import { Ref, type Evidence } from "../../parts/reasons";
import { Received } from "../../parts/received";
import { profileAddress } from "../../parts/way";
import { Country, Term, useTerms } from "../../words/names";
import { say } from "../../words/say";

// A place in a member of the profile, counted in characters as the server counts: code points.
export interface Spot {
  n: number;
  member: string;
  offset: number;
  length: number;
}

// The text with its spots marked, in their order; one that runs into another is left out.
function Marked({ text, spots }: { text: string; spots: Spot[] }) {
  const characters = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const spot of [...spots].sort((one, two) => one.offset - two.offset)) {
    if (spot.offset < at || spot.length === 0) continue;
    pieces.push(characters.slice(at, spot.offset).join(""));
    at = spot.offset + spot.length;
    pieces.push(<mark>{characters.slice(spot.offset, at).join("")}</mark>, " ", <Ref n={spot.n} />);
  }
  return <>{pieces}{characters.slice(at).join("")}</>;
}

function Said({ title, text, profile, spots }: { title: string; text?: string; profile: Profile; spots: Spot[] }) {
  return (
    <div class="stack-s">
      <h3>{title}</h3>
      {text ? <blockquote class="quote" lang={profile.lang} dir="auto"><Marked text={text} spots={spots} /></blockquote>
        : <p class="m quiet">{say("term.not_stated")}</p>}
    </div>
  );
}

export function Side({ profile, evidence, spots, n, word }: { profile: Profile; evidence?: Evidence; spots: Spot[]; n: number; word: string }) {
  const terms = useTerms();
  const kind = terms?.kind?.[profile.kind] ?? profile.kind;
  const of = (member: string) => spots.filter((spot) => spot.member === member);
  const done = evidence?.member === "references" ? evidence : undefined;
  return (
    <article class="card stack" aria-labelledby={"side-" + n}>
      <header class="stack-s">
        <p class="small quiet">{word} · {kind}</p>
        <h2 id={"side-" + n}><a href={profileAddress(profile.id)}><bdi>{profile.title}</bdi></a></h2>
        <p class="m"><Country code={profile.country} />{profile.lang && <> · <Term list="language" code={profile.lang} /></>}{profile.office && <> · <bdi>{profile.office}</bdi></>}<Received from={profile.received_from} /></p>
      </header>
      <Said title={say("column.seeks")} text={profile.seeks} profile={profile} spots={of("seeks")} />
      <Said title={say("column.offers")} text={profile.offers} profile={profile} spots={of("offers")} />
      {profile.summary && profile.summary !== profile.offers && profile.summary !== profile.seeks &&
        <Said title={say("column.summary")} text={profile.summary} profile={profile} spots={of("summary")} />}
      {done?.reference && (
        <div class="stack-s">
          <h3>{say("column.reference")}</h3>
          <blockquote class="quote" lang={done.lang} dir="auto"><mark>{done.text}</mark> <Ref n={n} /> — <cite><bdi>{done.reference.title}</bdi></cite></blockquote>
        </div>
      )}
    </article>
  );
}
