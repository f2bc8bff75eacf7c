// One answer of the list.
import { Fit } from "../../parts/fit";
import { inWords } from "../../parts/in_words";
import { Parts, Passage } from "../../parts/reasons";
import { Received } from "../../parts/received";
import { Name } from "../../parts/text";
import { pairAddress, profileAddress } from "../../parts/way";
import { Country, useTerms } from "../../words/names";
import { list, say } from "../../words/say";
import type { Matches } from "./answers";
import { canCompare, Pick } from "./pick";
import type { Question } from "./question";

type Match = Matches["matches"][number];

function About({ match }: { match: Match }) {
  const terms = useTerms();
  const more = (match.roles ?? []).map((role) => terms?.role?.[role] ?? role);
  return (
    <p class="m quiet">
      <Country code={match.country} />
      <Received from={match.received_from} />
      {more.length > 0 && <> · <span dir="auto">{list(more)}</span></>}
      {match.places && match.places.taken >= match.places.of && <> · <span class="badge warn">{say("search.no_place")}</span></>}
    </p>
  );
}

export function MatchItem({ match, question }: { match: Match; question: Question }) {
  const address = question.profile ? pairAddress(question.profile, match.id, question.programme) : profileAddress(match.id);
  return (
    <li>
      <div class="row apart top">
        <div class="grow"><h3><a href={address}><Name>{match.title}</Name></a></h3><About match={match} /></div>
        <Fit band={match.band} />
      </div>
      {match.place !== undefined && <p class="m"><strong>{say("search.place", { n: match.place })}</strong></p>}
      <ul class="m plain reasons">
        {(match.reasons.length ? match.reasons : [say("search.alike")]).map((reason) => <li key={reason} dir="auto">{inWords(reason)}</li>)}
      </ul>
      {match.evidence && <Passage evidence={match.evidence} />}
      {match.also && <p class="small quiet">{say("search.also")} {match.also.map((id, i) => <>{i > 0 && ", "}<a class="id" href={profileAddress(id)}>{id}</a></>)}</p>}
      {canCompare(question) && <Pick id={match.id} title={match.title} />}
      {match.parts && (
        <details>
          <summary>{say("term.why")}<span class="hidden">: <Name>{match.title}</Name></span></summary>
          <div class="stack-s"><Parts parts={match.parts} />
            <p class="m"><a href={profileAddress(match.id)}>{say("search.open_profile")}<span class="hidden"> <Name>{match.title}</Name></span></a></p></div>
        </details>
      )}
    </li>
  );
}
