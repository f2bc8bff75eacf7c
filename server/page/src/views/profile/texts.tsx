// What a profile says in its own words and language.
import type { Profile } from "../../api/client";
import { Quote } from "../../parts/text";
import { Country, Term, useSectors } from "../../words/names";
import { say } from "../../words/say";

function Section({ title, text, lang }: { title: string; text?: string; lang?: string }) {
  return (
    <section class="card stack-s">
      <h2>{title}</h2>
      {text ? <Quote text={text} lang={lang} /> : <p class="m quiet">{say("term.not_stated")}</p>}
    </section>
  );
}

export function Texts({ profile }: { profile: Profile }) {
  const { offers, seeks, summary, lang } = profile;
  return (
    <>
      {summary && summary !== offers && summary !== seeks && <Section title={say("column.summary")} text={summary} lang={lang} />}
      <Section title={say("column.offers")} text={offers} lang={lang} />
      <Section title={say("column.seeks")} text={seeks} lang={lang} />
      {lang && <p class="small quiet">{say("profile.written_in")} <Term list="language" code={lang} /></p>}
    </>
  );
}

export function References({ profile }: { profile: Profile }) {
  const sectors = useSectors();
  if (!profile.references?.length) return null;
  return (
    <section class="card stack-s">
      <h2>{say("column.references")}</h2>
      <ul class="stack-s">
        {profile.references.map((one, i) => (
          <li key={i} class="stack-s">
            <h3><bdi lang={profile.lang}>{one.title}</bdi></h3>
            <p class="m quiet">
              {one.country && <Country code={one.country} />}{one.country && one.year && " · "}{one.year && <span class="num">{one.year}</span>}
              {one.sector && <> · <span dir="auto">{sectors?.[one.sector] ?? one.sector}</span></>}
            </p>
            {one.text && <Quote text={one.text} lang={profile.lang} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
