// Who fits a need, an offer or a stored profile: the question, what narrows it, the answers.
import { useEffect, useRef } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { post } from "../../api/client";
import { Answered } from "../../parts/states";
import { arrival } from "../../shell/place";
import { useTitle } from "../../shell/arrive";
import { dayText } from "../../words/dates";
import { say } from "../../words/say";
import type { ViewProps } from "../../views";
import { Answers } from "./answers";
import { AskForm } from "./ask_form";
import { countriesOf, countsOf, Hits } from "./hits";
import { Narrow } from "./narrow";
import { Opening } from "./opening";
import { questionOf, requestOf } from "./question";

export default function Search({ place }: ViewProps) {
  const question = questionOf(place.query);
  const request = requestOf(question);
  const asked = question.seek || question.offer || question.profile;
  useTitle(asked ? say("search.title_of", { text: asked.slice(0, 80) }) : say("term.search"));
  const shown = useAnswer(request && JSON.stringify(request), (signal) => post("/v1/match", request!, { signal }));

  // On a phone the answers lie below the question: they are brought into view when they are new.
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown.data && !shown.stale && arrival === "within") list.current?.scrollIntoView({ block: "start" });
  }, [shown.when]);

  return (
    <>
      <h1 class="hidden">{say("term.search")}</h1>
      {asked && <p class="printed"><strong>{say("search.asked")}</strong> <bdi>{asked}</bdi> · {dayText(Date.now())}</p>}
      <AskForm place={place} />
      {request === null ? (
        <Opening />
      ) : (
        <>
          <Hits counts={countriesOf(countsOf(shown.data, "country"))} />
          <div class="cols side-start">
            <Narrow question={question} matches={shown.data} />
            <div class="stack results" ref={list}>
              <Answered shown={shown} wait={say("search.comparing")}>
                {(matches) => <Answers matches={matches} question={question} />}
              </Answered>
            </div>
          </div>
        </>
      )}
    </>
  );
}
