// Nobody is an answer: which condition keeps how many away, what would open it, who is one condition away.
import { forOfficers } from "../../api/client";
import { Fit } from "../../parts/fit";
import { Name } from "../../parts/text";
import { profileAddress } from "../../parts/way";
import { withQuery } from "../../shell/place";
import { Country } from "../../words/names";
import { say } from "../../words/say";
import type { Matches } from "./answers";
import { Keep } from "./keep";
import { EVERY_BAND, type Question } from "./question";

function Nearest({ one }: { one: NonNullable<Matches["nearest"]> }) {
  return (
    <section class="card stack-s">
      <p class="label">{say("search.nearest")}</p>
      <div class="row apart top">
        <div class="grow">
          <h3><a href={profileAddress(one.id)}><Name>{one.title}</Name></a></h3>
          <p class="m quiet"><Country code={one.country} /></p>
        </div>
        <Fit band={one.band} />
      </div>
      <p class="m"><span class="unmet" dir="auto">{one.condition}</span></p>
      <p class="m">{say("search.without_it", { n: one.count })}</p>
      <p class="m quiet" dir="auto">{forOfficers(one.remedy)}</p>
    </section>
  );
}

// What the officer can take away in one click: a choice of the list that the request states.
function Ways({ question }: { question: Question }) {
  const ways = [];
  if (question.country.length) ways.push({ word: say("search.any_country"), href: withQuery({ country: null }) });
  if (question.roles.length) ways.push({ word: say("search.any_role"), href: withQuery({ roles: null }) });
  if (question.programme !== "open") ways.push({ word: say("search.any_programme"), href: withQuery({ programme: null }) });
  return (
    <div class="row middle">
      {ways.map((way, i) => <a key={way.href} class={i ? "button" : "button main"} href={way.href}>{way.word}</a>)}
      <Keep question={question} />
    </div>
  );
}

export function Nobody({ matches, question }: { matches: Matches; question: Question }) {
  const removed = [...(matches.removed ?? [])].sort((one, two) => two.count - one.count);
  return (
    <div class="stack">
      <div class="card empty">
        <p>{matches.qualifying ? say("search.no_fit", { n: matches.qualifying }) : say("search.nobody_meets")}</p>
        <Ways question={question} />
      </div>
      {removed.length > 0 && (
        <section class="card stack-s">
          <h3>{say("search.what_keeps")}</h3>
          <ul class="stack-s m">
            {removed.map((one) => (
              <li key={one.condition + one.owner}>
                <p><strong>{say("search.removed", { n: one.count })}</strong> <span dir="auto">{one.condition}</span></p>
                <p class="quiet" dir="auto">{forOfficers(one.remedy)}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {matches.nearest && <Nearest one={matches.nearest} />}
      {matches.weak > 0 && !question.weak && <p><a class="button" href={withQuery({ bands: EVERY_BAND })}>{say("search.show_weak")}</a></p>}
    </div>
  );
}
