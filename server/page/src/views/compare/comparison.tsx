// The table: a column each, the rows in which they differ or all that somebody states, notes and the next step.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { keep, readKept } from "../../kept";
import { newCaseAddress, pairAddress, profileAddress } from "../../parts/way";
import { withQuery } from "../../shell/place";
import { say } from "../../words/say";
import type { Candidate, Compared } from "./compare";
import { differs, isStated, type Speed, useRows } from "./rows";

function useSpeed(): Speed {
  const { data } = useAnswer("response times", (signal) => get("/v1/reports/response-times", { signal }));
  const speed: Speed = {};
  for (const row of data?.rows ?? []) if (row.office) speed[row.office] = { hours: row.median_hours, note: row.note }; // the last is of the whole
  return speed;
}

// Kept in this browser, for whoever sits at it: one for each pair.
function Note({ asker, candidate }: { asker: string; candidate: Candidate }) {
  const name = `note:${asker}:${candidate.id}`;
  const [text, setText] = useState(readKept(name) ?? "");
  return (
    <input class="input" value={text} maxLength={500} dir="auto" aria-label={say("compare.note_on", { title: candidate.profile?.title ?? candidate.id })}
      onInput={(event) => {
        setText(event.currentTarget.value);
        keep(name, event.currentTarget.value || null);
      }} />
  );
}

function Next({ asker, candidate, programme }: { asker: string; candidate: Candidate; programme: string }) {
  const title = <bdi>{candidate.profile!.title}</bdi>;
  const ask = newCaseAddress("interest", asker, candidate.id, programme);
  return (
    <div class="row">
      {candidate.fit?.matched && <a class="button main small" href={ask}>{say("term.ask_for_an_introduction")}<span class="hidden">: {title}</span></a>}
      <a class="button small" href={pairAddress(asker, candidate.id, programme)}>{say("term.side_by_side")}<span class="hidden">: {title}</span></a>
    </div>
  );
}

export function Comparison({ compared, programme, all }: { compared: Compared; programme: string; all: boolean }) {
  const { asker, candidates } = compared;
  const rows = useRows(compared, useSpeed()).filter(isStated);
  const shown = all || candidates.length === 1 ? rows : rows.filter(differs);
  const alike = rows.length - shown.length;
  const without = (id: string) => withQuery({ id: candidates.map((one) => one.id).filter((other) => other !== id) });
  return (
    <>
      {candidates.length > 1 && (
        <p class="m quiet noprint">
          {all ? say("compare.all_shown") : say("compare.alike", { n: alike })}{" "}
          {(all || alike > 0) && <a href={withQuery({ rows: all ? null : "all" })}>{say(all ? "compare.only_different" : "compare.all_rows")}</a>}
        </p>
      )}
      <div class="card flush">
        <div class="scroll" tabIndex={0} role="region" aria-label={say("term.compare")}>
          <table class="compare">
            <thead>
              <tr>
                <th scope="col">{say("compare.what")}</th>
                {candidates.map((one) => (
                  <th scope="col" key={one.id}>
                    {one.profile ? <a href={profileAddress(one.id)}><bdi>{one.profile.title}</bdi></a> : <><span class="id">{one.id}</span> <span class="small quiet" dir="auto">{one.why}</span></>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{row.name}</th>
                  {row.cells.map((cell, i) => <td key={i}>{cell.shown ?? <span class="quiet">{say("term.not_stated")}</span>}</td>)}
                </tr>
              ))}
              {asker && (
                <tr>
                  <th scope="row">{say("compare.note")}</th>
                  {candidates.map((one) => <td key={one.id}>{one.profile && <Note key={asker.id + one.id} asker={asker.id} candidate={one} />}</td>)}
                </tr>
              )}
              <tr class="noprint">
                <th scope="row">{say("compare.next")}</th>
                {candidates.map((one) => (
                  <td key={one.id}>
                    {asker && one.profile && <Next asker={asker.id} candidate={one} programme={programme} />}
                    <a class="button bare small" href={without(one.id)}>{say("compare.take_out")}<span class="hidden">: <bdi>{one.profile?.title ?? one.id}</bdi></span></a>
                  </td>
                ))}
              </tr>
            </tbody>
          </table>
        </div>
      </div>
      {asker && <p class="small quiet noprint">{say("compare.notes_here")}</p>}
    </>
  );
}
