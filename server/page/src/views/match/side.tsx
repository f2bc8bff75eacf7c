// One of the two, in its own words, with the passage that speaks for the match marked and numbered.
import type { Profile } from "../../api/client";
import { Ref, type Evidence } from "../../parts/reasons";
import { profileAddress } from "../../parts/way";
import { Country, Term, useTerms } from "../../words/names";
import { say } from "../../words/say";

// The text with the passage marked; a passage that was shortened is found by its beginning.
function Marked({ text, evidence, n }: { text: string; evidence?: Evidence; n: number }) {
  const passage = evidence?.text.replace(/\s*…$/, "") ?? "";
  const at = passage ? text.indexOf(passage) : -1;
  if (at < 0) return <>{text}</>;
  return <>{text.slice(0, at)}<mark>{passage}</mark> <Ref n={n} />{text.slice(at + passage.length)}</>;
}

function Said({ title, text, profile, evidence, n }: { title: string; text?: string; profile: Profile; evidence?: Evidence; n: number }) {
  return (
    <div class="stack-s">
      <h3>{title}</h3>
      {text ? <blockquote class="quote" lang={profile.lang} dir="auto"><Marked text={text} evidence={evidence} n={n} /></blockquote>
        : <p class="m quiet">{say("term.not_stated")}</p>}
    </div>
  );
}

export function Side({ profile, evidence, n, word }: { profile: Profile; evidence?: Evidence; n: number; word: string }) {
  const terms = useTerms();
  const kind = terms?.kind?.[profile.kind] ?? profile.kind;
  const of = (member: string) => (evidence?.member === member ? evidence : undefined);
  const done = evidence?.member === "references" ? evidence : undefined;
  return (
    <article class="card stack" aria-labelledby={"side-" + n}>
      <header class="stack-s">
        <p class="small quiet">{word} · {kind}</p>
        <h2 id={"side-" + n}><a href={profileAddress(profile.id)}><bdi>{profile.title}</bdi></a></h2>
        <p class="m"><Country code={profile.country} />{profile.lang && <> · <Term list="language" code={profile.lang} /></>}{profile.office && <> · <bdi>{profile.office}</bdi></>}</p>
      </header>
      <Said title={say("column.seeks")} text={profile.seeks} profile={profile} evidence={of("seeks")} n={n} />
      <Said title={say("column.offers")} text={profile.offers} profile={profile} evidence={of("offers")} n={n} />
      {profile.summary && profile.summary !== profile.offers && profile.summary !== profile.seeks &&
        <Said title={say("column.summary")} text={profile.summary} profile={profile} evidence={of("summary")} n={n} />}
      {done?.reference && (
        <div class="stack-s">
          <h3>{say("column.reference")}</h3>
          <blockquote class="quote" lang={done.lang} dir="auto"><mark>{done.text}</mark> <Ref n={n} /> — <cite><bdi>{done.reference.title}</bdi></cite></blockquote>
        </div>
      )}
    </article>
  );
}
