// Who has access: the keys that are given out, without their secrets; giving one and taking one away.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, remove, type Schemas } from "../../api/client";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { useSaving, Wrong } from "../../parts/saving";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { withQuery } from "../../shell/place";
import { Day } from "../../words/dates";
import { CountryName } from "../../words/names";
import { list, number, say, sayWith } from "../../words/say";
import type { SectionProps } from "../../parts/administration";
import { type Directory, nameOf, useDirectory } from "../../api/directory";
import { ROLE_WORD, TokenForm } from "./token_form";

export type Token = Schemas["Token"];

const FIELD_WORD: Record<string, string> = { country: "column.country", programmes: "column.programmes", kind: "column.kind", roles: "column.roles" };

// What the key reaches: of whom it is, and what it is narrowed to.
function Reach({ token, directory }: { token: Token; directory: Directory | null }) {
  const where = Object.entries((token.where ?? {}) as Record<string, string[]>);
  return (
    <>
      {token.office && <bdi>{nameOf(directory?.offices, token.office)}</bdi>}
      {token.desk && <> · <bdi>{nameOf(directory?.desks, token.desk)}</bdi></>}
      {token.office && !token.desk && <> · <span class="quiet">{say("admin.reads_only")}</span></>}
      {token.country && <CountryName code={token.country} />}
      {token.profiles && <span title={token.profiles.join(", ")}>{say("admin.n_profiles", { n: token.profiles.length })}</span>}
      {!token.office && !token.country && !token.profiles && say("admin.everything")}
      {where.map(([field, values]) => <span key={field} class="small quiet"> · {FIELD_WORD[field] ? say(FIELD_WORD[field]!) : field}: <bdi>{list(values)}</bdi></span>)}
    </>
  );
}

function Ends({ token }: { token: Token }) {
  const over = Date.parse(token.expires) < Date.now();
  return over ? <span class="badge warn">{say("admin.ended")} <Day when={token.expires} /></span> : <Day when={token.expires} />;
}

export const tokenName = (token: Token): string => token.label || token.id;

function TakeAway({ token, onDone }: { token: Token; onDone(): void }) {
  const saving = useSaving();
  const confirm = async () => {
    if (!(await saving.save(() => remove("/v1/tokens/{id}", { path: { id: token.id } })))) return;
    announce(say("admin.taken_away", { name: tokenName(token) }));
    onDone();
  };
  return (
    <Dialog title={say("admin.take_away_ask")} onClose={onDone}>
      <p>{sayWith("admin.take_away_what", { name: <bdi>{tokenName(token)}</bdi> })}</p>
      <Wrong problem={saving.problem} />
      <div class="row">
        <button type="button" class="button risk" aria-busy={saving.busy} onClick={() => void confirm()}>{say("admin.take_away")}</button>
        <button type="button" class="button" onClick={onDone}>{say("part.not_now")}</button>
      </div>
    </Dialog>
  );
}

export function Access({ place }: SectionProps) {
  const shown = useAnswer("tokens", (signal) => get("/v1/tokens", { signal }));
  const directory = useDirectory().data;
  const [taken, take] = useState<Token | null>(null);
  const giving = place.query.has("new");
  return (
    <Answered shown={shown}>
      {({ tokens }) => (
        <div class="stack">
          {giving && <TokenForm directory={directory} onMade={shown.again} />}
          <section class="card flush">
            <header class="row apart">
              <h2>{say("admin.who")} <span class="count">{number(tokens.length)}</span></h2>
              {!giving && <a class="button main small" href={withQuery({ new: "1" })}>{say("admin.give")}</a>}
            </header>
            {tokens.length === 0 ? <Empty title={say("admin.nobody")} /> : (
              <Table label={say("admin.who")} columns={[
                { head: say("admin.person") }, { head: say("column.role") }, { head: say("admin.reaches") }, { head: say("admin.given") }, { head: say("admin.until") }, { head: say("admin.action") }]}
                rows={tokens.map((token) => [
                  <><bdi>{tokenName(token)}</bdi> {token.label && <span class="id quiet">{token.id}</span>}</>,
                  say(ROLE_WORD[token.role]),
                  <Reach token={token} directory={directory} />,
                  <Day when={token.created} />,
                  <Ends token={token} />,
                  <button type="button" class="button small risk" onClick={() => take(token)}>{say("admin.take_away")}<span class="hidden">: <bdi>{tokenName(token)}</bdi></span></button>,
                ])} />
            )}
          </section>
          <p class="small quiet">{say("admin.programs_too")}</p>
          {taken && <TakeAway token={taken} onDone={() => { take(null); shown.again(); }} />}
        </div>
      )}
    </Answered>
  );
}
