// What became of the rows: how many of each kind, row by row, and the file with it to be mended and sent again.
import { Pager } from "../../parts/pager";
import { Table } from "../../parts/table";
import { withQuery } from "../../shell/place";
import { profileAddress } from "../../parts/way";
import { number, say, sayWith } from "../../words/say";
import { download, type Taken } from "./import";
import { type Status, STATUS_WORD, type Verdict } from "./verdicts";

const PAGE = 50;
const LOOK: Record<Status, string> = { created: "good", replaced: "good", unchanged: "", held: "accent", refused: "bad" };

function counted(verdicts: readonly Verdict[]): [Status, number][] {
  const counts = new Map<Status, number>();
  for (const { status } of verdicts) counts.set(status, (counts.get(status) ?? 0) + 1);
  return (Object.keys(STATUS_WORD) as Status[]).flatMap((status) => (counts.has(status) ? [[status, counts.get(status)!]] : []));
}

export function Outcome({ taken, show, page }: { taken: Taken; show: string; page: number }) {
  const { verdicts, kind, name } = taken;
  const counts = counted(verdicts);
  const refused = verdicts.filter((one) => one.status === "refused").length;
  const listed = show ? verdicts.filter((one) => one.status === show) : verdicts;
  const rows = listed.slice((page - 1) * PAGE, page * PAGE);
  const back = name.replace(/(\.\w+)$/, ` – ${say("import.column.verdict")}$1`);
  return (
    <section class="card stack" aria-labelledby="outcome">
      <header class="row apart top">
        <h2 id="outcome" tabIndex={-1}>{sayWith("import.done", { name: <bdi>{name}</bdi> }, { n: verdicts.length })}</h2>
        {kind.givenBack && <button type="button" class={refused ? "button main" : "button"} onClick={() => download(taken.file, back)}>{say("import.give_back")}</button>}
      </header>
      {refused > 0 && kind.givenBack && <p class="m">{say("import.mend", { n: refused })}</p>}
      <div class="row noprint">
        <a class={show ? "chip" : "chip on"} aria-current={show ? undefined : "true"} href={withQuery({ show: null })}>{say("import.all")} {number(verdicts.length)}</a>
        {counts.map(([status, n]) => (
          <a key={status} class={show === status ? "chip on" : "chip"} aria-current={show === status ? "true" : undefined} href={withQuery({ show: status })}>{say(STATUS_WORD[status])} {number(n)}</a>
        ))}
      </div>
      {rows.length > 0 ? (
        <Table label={say("import.rows")} columns={[{ head: say("import.row"), number: true }, { head: say("column.profile") }, { head: say("import.column.verdict") }, { head: say("import.column.mend") }]}
          rows={rows.map((one) => [
            number(one.line),
            one.id ? <a href={profileAddress(one.id)}><bdi>{one.about}</bdi></a> : <bdi>{one.about}</bdi>,
            <span class={"badge " + LOOK[one.status]}>{say(STATUS_WORD[one.status])}</span>,
            <span dir="auto">{one.mend}</span>,
          ])} />
      ) : <p class="m quiet">{say("import.no_row")}</p>}
      <Pager page={page} size={PAGE} shown={rows.length} more={listed.length > page * PAGE} />
    </section>
  );
}
