// The answers: who fits, how well in a word, why, and what to do next.
import type { Result } from "../../api/client";
import { Pager } from "../../parts/pager";
import { Empty } from "../../parts/states";
import { withQuery } from "../../shell/place";
import { useCountries } from "../../words/names";
import { say } from "../../words/say";
import { Keep } from "./keep";
import { MatchItem } from "./match_item";
import { Chips } from "./narrow";
import { Picked } from "./pick";
import { Nobody } from "./nobody";
import { EVERY_BAND, PAGE, type Question } from "./question";

export type Matches = Result<"post", "/v1/match">;

function Head({ matches, question, title }: { matches: Matches; question: Question; title: string }) {
  return (
    <>
      <div class="row apart">
        <div>
          <h2>{title}</h2>
          <p class="hidden" role="status">{title}</p>
          {matches.scanned > 0 && <p class="m quiet">{say(matches.complete ? "search.all_compared" : "search.better_may_exist", { n: matches.scanned })}</p>}
        </div>
        <div class="row">
          {matches.matches.length > 0 && <Keep question={question} small />}
          <button type="button" class="button small noprint" onClick={() => print()}>{say("part.print")}</button>
        </div>
      </div>
      <Chips question={question} />
      {matches.note && <p class="notice"><span dir="auto">{matches.note}</span></p>}
    </>
  );
}

function Exposure({ matches }: { matches: Matches }) {
  const names = useCountries();
  const groups = matches.exposure.filter((group) => group.qualifying || group.floor);
  if (!groups.length) return null;
  const told = groups.map((group) => {
    const name = group.group === "women_led" ? say("term.led_by_women") : (names?.groups[group.group] ?? group.group);
    const args = { group: name, n: group.in_list, of: group.of_list, all: group.qualifying };
    return group.floor ? say("search.exposure_floor", { ...args, floor: group.floor }) : say("search.exposure", args);
  });
  return (
    <div class="notice"><div>
      <p class="label">{say("search.in_this_list")}</p>
      <ul class="m">{told.map((text) => <li key={text}>{text}</li>)}</ul>
    </div></div>
  );
}

export function Answers({ matches, question }: { matches: Matches; question: Question }) {
  const first = (question.page - 1) * PAGE;
  const shown = matches.matches;
  if (shown.length === 0 && question.page === 1)
    return (
      <>
        <Head matches={matches} question={question} title={say("search.nobody")} />
        <Nobody matches={matches} question={question} />
      </>
    );
  return (
    <>
      <Head matches={matches} question={question} title={say("search.found", { n: matches.qualifying })} />
      {shown.length === 0 && <Empty title={say("search.end")} />}
      {shown.length > 0 && (
        <ol class="card flush rows" start={first + 1}>
          {shown.map((match) => <MatchItem key={match.id} match={match} question={question} />)}
        </ol>
      )}
      <Picked question={question} />
      <Pager page={question.page} size={PAGE} shown={shown.length} more={matches.next_after !== undefined} />
      {matches.weak > 0 && !question.weak && (
        <p class="notice">
          <span>{say("search.weak_left")}</span>
          <a class="button small" href={withQuery({ bands: EVERY_BAND })}>{say("search.show_weak")}</a>
        </p>
      )}
      <Exposure matches={matches} />
    </>
  );
}
