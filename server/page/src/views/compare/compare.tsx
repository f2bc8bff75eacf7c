// Up to four side by side for one profile: only the rows in which they differ, a note on each, the next step.
import { useAnswer } from "../../api/answer";
import { get, post, Problem, type Profile, type Result } from "../../api/client";
import { Answered, Empty } from "../../parts/states";
import { profileAddress } from "../../parts/way";
import { useTitle } from "../../shell/arrive";
import { go, withQuery } from "../../shell/place";
import { longDayText } from "../../words/dates";
import { say, sayWith } from "../../words/say";
import type { ViewProps } from "../../views";
import { Comparison } from "./comparison";

export const MOST = 4;

export type Explanation = Result<"get", "/v1/explain">;

// One column. `why`: it is not there, or may not be compared with the one that asks; the server's sentence.
export interface Candidate {
  id: string;
  profile: Profile | null;
  fit: Explanation | null;
  why: string;
}

export interface Compared {
  asker: Profile | null;
  candidates: Candidate[];
}

interface Question {
  asker: string;
  ids: string[];
  programme: string;
}

function questionOf(query: URLSearchParams): Question {
  const asker = query.get("for") ?? "";
  const ids = [...new Set(query.getAll("id"))].filter((id) => id && id !== asker).slice(0, MOST);
  return { asker, ids, programme: query.get("programme") || "open" };
}

const OF_ONE = ["gone", "refused"]; // what is wrong with one column leaves the others

function useCompared({ asker, ids, programme }: Question) {
  const key = asker || ids.length ? `compare ${asker} ${ids.join(" ")} ${programme}` : null;
  return useAnswer<Compared>(key, async (signal) => {
    const read = (id: string) => get("/v1/profiles/{id}", { path: { id }, signal }).then((answer) => answer.data as Profile);
    const one = async (id: string): Promise<Candidate> => {
      const found: Candidate = { id, profile: null, fit: null, why: "" };
      try {
        found.profile = await read(id);
        if (asker) found.fit = (await get("/v1/explain", { query: { a: asker, b: id, programme }, signal })).data;
      } catch (problem) {
        if (!(problem instanceof Problem) || !OF_ONE.includes(problem.trouble)) throw problem;
        found.why = problem.detail;
      }
      return found;
    };
    const [first, ...candidates] = await Promise.all([asker ? read(asker) : null, ...ids.map(one)]);
    return { data: { asker: first, candidates: candidates as Candidate[] }, etag: null, when: Date.now() };
  });
}

function Head({ compared, question }: { compared: Compared; question: Question }) {
  const { asker } = compared;
  const programmes = useAnswer("programmes", (signal) => get("/v1/programmes", { signal })).data?.programmes ?? [];
  const shown = programmes.length ? programmes : [{ slug: question.programme, name: question.programme }];
  return (
    <>
      <nav class="m" aria-label={say("compare.where")}>
        {asker && <><a href={profileAddress(asker.id) + "/matches"}><bdi>{asker.title}</bdi></a> › </>}{say("term.compare")}
      </nav>
      <header class="row apart top">
        <div class="grow stack-s">
          <h1>{asker ? sayWith("compare.heading", { title: <bdi>{asker.title}</bdi> }, { n: question.ids.length }) : say("term.compare")}</h1>
          <p class="printed m">{longDayText(Date.now())} · {shown.find((one) => one.slug === question.programme)?.name}</p>
          {asker && (
            <div class="row m noprint">
              <label class="quiet" for="programme">{say("column.programme")}</label>
              <select class="input" id="programme" value={question.programme}
                onChange={(event) => go(withQuery({ programme: event.currentTarget.value === "open" ? null : event.currentTarget.value }))}>
                {shown.map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
              </select>
            </div>
          )}
        </div>
        {question.ids.length > 0 && <button type="button" class="button" onClick={() => print()}>{say("part.print")}</button>}
      </header>
    </>
  );
}

const OFFERED = 12;

// Who could be put beside them: the best of the list of whoever asks.
function More({ question }: { question: Question }) {
  const { asker, ids, programme } = question;
  const { data } = useAnswer(`compare more ${asker} ${programme}`, (signal) => post("/v1/match", { profile: asker, programme, limit: OFFERED }, { signal }));
  const others = data?.matches.filter((match) => !ids.includes(match.id)).slice(0, OFFERED - MOST) ?? [];
  if (ids.length >= MOST) return <p class="m quiet noprint">{say("compare.full", { n: MOST })}</p>;
  if (!others.length) return null;
  return (
    <section class="stack-s noprint" aria-labelledby="more">
      <h2 id="more">{say("compare.put_beside")}</h2>
      <ul class="row">
        {others.map((match) => <li key={match.id}><a class="chip" href={withQuery({ id: [...ids, match.id] })}>+ <bdi>{match.title}</bdi></a></li>)}
      </ul>
    </section>
  );
}

export default function Compare({ place }: ViewProps) {
  const question = questionOf(place.query);
  const shown = useCompared(question);
  useTitle(shown.data?.asker ? say("compare.title", { title: shown.data.asker.title }) : say("term.compare"));
  const search = "/search" + (question.asker ? "?" + new URLSearchParams({ profile: question.asker }) : "");
  if (!question.asker && !question.ids.length)
    return (
      <>
        <h1>{say("term.compare")}</h1>
        <Empty title={say("compare.nobody")}>
          <p>{say("compare.how")}</p>
          <div class="row middle"><a class="button main" href={search}>{say("term.search")}</a></div>
        </Empty>
      </>
    );
  return (
    <>
      {!shown.data && <h1 class="hidden">{say("term.compare")}</h1>}
      <Answered shown={shown} wait={say("compare.wait")}>
        {(compared) => (
          <>
            <Head compared={compared} question={question} />
            {compared.candidates.length > 0 ? (
              <Comparison compared={compared} programme={question.programme} all={place.query.get("rows") === "all"} />
            ) : (
              <Empty title={say("compare.nobody")}>
                <p>{say("compare.choose")}</p>
                <div class="row middle"><a class="button" href={search}>{say("term.search")}</a></div>
              </Empty>
            )}
            {compared.asker && <More question={question} />}
          </>
        )}
      </Answered>
    </>
  );
}
