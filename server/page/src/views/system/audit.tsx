// The audit log: is its chain whole, and who did what when, the newest first; of one profile or key where it is asked for.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, postBare, type Result } from "../../api/client";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { caseAddress, profileAddress, Way } from "../../parts/way";
import { go, withQuery } from "../../shell/place";
import { Moment } from "../../words/dates";
import { useCaseTerms } from "../../words/names";
import { number, say } from "../../words/say";
import type { SectionProps } from "../../parts/administration";
import { deedOf } from "./deeds";

type Entry = Result<"get", "/v1/audit">["entries"][number];

const PAGE = 50, OF_ONE = 1000;

function Chain({ verdict }: { verdict: Result<"post", "/v1/audit:verify"> }) {
  return (
    <section class="card stack-s">
      <h2>{say("admin.audit")}</h2>
      {verdict.intact
        ? <p class="met">{say("system.chain_whole", { n: verdict.entries })}</p>
        : <p class="unmet">{say("system.chain_broken", { n: verdict.broken_at ?? 0 })} <span dir="auto">{verdict.what}</span></p>}
      <details>
        <summary>{say("system.head")}</summary>
        <p class="small">{say("system.head_what")}</p>
        <p><code class="id wrap">{verdict.head}</code></p>
      </details>
    </section>
  );
}

const WHO: Record<string, string> = { local: "system.by_shell", open: "system.by_nobody", draft: "system.by_draft" };

function Who({ who, names }: { who: string; names: Record<string, string> }) {
  if (WHO[who]) return <>{say(WHO[who]!)}</>;
  return <><bdi>{names[who] ?? who}</bdi>{names[who] && <> <span class="id quiet">{who}</span></>}</>;
}

function Subject({ entry }: { entry: Entry }) {
  if (!entry.subject) return <span class="quiet">–</span>;
  const href = entry.what.startsWith("case ") ? caseAddress(entry.subject) : /^(put|read private|check .*|erase)$/.test(entry.what) ? profileAddress(entry.subject) : "";
  return (
    <>
      {href ? <Way href={href} class="id">{entry.subject}</Way> : <span class="id">{entry.subject}</span>}{" "}
      <a class="small" href={withQuery({ subject: entry.subject, before: null })}>{say("system.only_this")}<span class="hidden"> {entry.subject}</span></a>
    </>
  );
}

function Search({ subject }: { subject: string }) {
  const [text, setText] = useState(subject);
  const submit = (event: Event) => {
    event.preventDefault();
    go(withQuery({ subject: text.trim(), before: null }));
  };
  return (
    <form class="row noprint" role="search" onSubmit={submit}>
      <label class="label" for="subject">{say("system.of_whom")}</label>
      <input class="input" id="subject" size={24} dir="ltr" maxLength={128} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button">{say("term.search")}</button>
      {subject && <a href={withQuery({ subject: null, before: null })}>{say("system.of_all")}</a>}
    </form>
  );
}

// The server tells them oldest first; a page of the newest is asked for by its numbers.
function useEntries(subject: string, before: number | null) {
  return useAnswer<{ entries: Entry[]; first: number }>(before === null && !subject ? null : `audit ${subject} ${before}`, async (signal) => {
    const last = before ?? 0, after = subject ? 0 : Math.max(0, last - 1 - PAGE);
    const limit = subject ? OF_ONE : Math.min(PAGE, Math.max(1, last - 1));
    const { data, when } = await get("/v1/audit", { query: { ...(subject && { subject }), after, limit }, signal });
    return { data: { entries: [...data.entries].reverse(), first: after + 1 }, etag: null, when };
  });
}

export function Audit({ place }: SectionProps) {
  const subject = place.query.get("subject") ?? "";
  const chain = useAnswer("audit chain", (signal) => postBare("/v1/audit:verify", { signal }));
  const asked = Number(place.query.get("before")) || 0;
  const before = asked || (chain.data ? chain.data.entries + 1 : null);
  const shown = useEntries(subject, before);
  const tokens = useAnswer("tokens", (signal) => get("/v1/tokens", { signal })).data?.tokens ?? [];
  const names = Object.fromEntries(tokens.filter((token) => token.label).map((token) => [token.id, token.label!]));
  const terms = useCaseTerms();
  return (
    <div class="stack">
      <Answered shown={chain}>{(verdict) => <Chain verdict={verdict} />}</Answered>
      {chain.data && (
        <>
          <Search key={subject} subject={subject} />
          <Answered shown={shown}>
            {({ entries, first }) => (
              <div class="stack">
                {entries.length === 0 ? <Empty title={say("system.no_entry")} /> : (
                  <section class="card flush">
                    <Table label={say("admin.audit")} columns={[{ head: say("column.number"), number: true }, { head: say("system.when") }, { head: say("column.who") }, { head: say("column.what") }, { head: say("system.of_whom") }, { head: say("column.version"), number: true }]}
                      rows={entries.map((entry) => [
                        number(entry.number), <Moment when={entry.at} />, <Who who={entry.who} names={names} />, deedOf(entry.what, terms), <Subject entry={entry} />,
                        entry.version === undefined ? "–" : number(entry.version),
                      ])} />
                  </section>
                )}
                {subject && entries.length === OF_ONE && <p class="m quiet">{say("system.first_only", { n: OF_ONE })}</p>}
                {!subject && (asked > 0 || first > 1) && (
                  <nav class="row apart" aria-label={say("part.pages")}>
                    {asked > 0 ? <a class="button" href={withQuery({ before: null })}>{say("system.newest")}</a> : <span />}
                    {first > 1 && <a class="button" rel="next" href={withQuery({ before: String(first) })}>{say("system.older")}</a>}
                  </nav>
                )}
              </div>
            )}
          </Answered>
        </>
      )}
    </div>
  );
}
