// Who has access: persons by a link, programs by a key, without their secrets; giving it, a new link, taking it away.
import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { get, postBare, remove, type Schemas } from "../../api/client";
import { type Directory, useDirectory } from "../../api/directory";
import type { SectionProps } from "../../parts/administration";
import { announce } from "../../parts/announce";
import { Dialog } from "../../parts/dialog";
import { useSaving, Wrong } from "../../parts/saving";
import { Answered, Empty } from "../../parts/states";
import { Table } from "../../parts/table";
import { go, withQuery } from "../../shell/place";
import { Day } from "../../words/dates";
import { number, say, sayWith } from "../../words/say";
import { Reach } from "./reach";
import { linkOf, type Made, Secret } from "./secret";
import { Sessions } from "./sessions";
import { ROLE_WORD, TokenForm } from "./token_form";

type Token = Schemas["Token"];

const tokenName = (token: Token): string => token.label || token.id;
const isPast = (when: string) => Date.parse(when) < Date.now();

function Ends({ token }: { token: Token }) {
  return isPast(token.expires) ? <span class="badge warn">{say("admin.ended")} <Day when={token.expires} /></span> : <Day when={token.expires} />;
}

// How far the link is that this person was sent.
function LinkState({ token }: { token: Token }) {
  if (token.link_until)
    return isPast(token.link_until) ? <span class="badge warn">{say("admin.link_lapsed")}</span> : <span class="badge">{say("admin.link_waits")} <Day when={token.link_until} /></span>;
  return token.link_used ? <span class="small quiet">{say("admin.link_used")} <Day when={token.link_used} /></span> : null;
}

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

function Given({ tokens, directory, onLink, onTake }: { tokens: Token[]; directory: Directory | null; onLink(token: Token): void; onTake(token: Token): void }) {
  return (
    <Table label={say("admin.who")} columns={[
      { head: say("admin.person") }, { head: say("column.role") }, { head: say("admin.reaches") }, { head: say("admin.given") }, { head: say("admin.until") }, { head: say("admin.action") }]}
      rows={tokens.map((token) => {
        const named = <span class="hidden">: <bdi>{tokenName(token)}</bdi> {token.label && token.id}</span>;
        return [
          <><bdi>{tokenName(token)}</bdi> {token.label && <span class="id quiet">{token.id}</span>} <LinkState token={token} /></>,
          say(ROLE_WORD[token.role]),
          <Reach of={token} directory={directory} />,
          <Day when={token.created} />,
          <Ends token={token} />,
          <div class="row">
            {(token.link_until || token.link_used) && !isPast(token.expires) && <button type="button" class="button small" onClick={() => onLink(token)}>{say("admin.new_link")}{named}</button>}
            <button type="button" class="button small risk" onClick={() => onTake(token)}>{say("admin.take_away")}{named}</button>
          </div>,
        ];
      })} />
  );
}

export function Access({ place }: SectionProps) {
  const shown = useAnswer("tokens", (signal) => get("/v1/tokens", { signal }));
  const directory = useDirectory().data;
  const [taken, take] = useState<Token | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const linking = useSaving();
  const giving = place.query.has("new") && !made;
  const newLink = (token: Token) => linking.save(async () => {
    const { data } = await postBare("/v1/tokens/{id}:link", { path: { id: token.id } });
    setMade({ secret: linkOf(data.link), name: tokenName(token), link: true });
    shown.again();
  });
  const given = (secret: Made) => {
    setMade(secret);
    go(withQuery({ new: null }), { replace: true });
    shown.again();
  };
  return (
    <Answered shown={shown}>
      {({ tokens }) => (
        <div class="stack">
          {made && <Secret made={made} onKept={() => setMade(null)} />}
          {giving && <TokenForm directory={directory} onMade={given} />}
          <Wrong problem={linking.problem} />
          <section class="card flush">
            <header class="row apart">
              <h2>{say("admin.who")} <span class="count">{number(tokens.length)}</span></h2>
              {!giving && <a class="button main small" href={withQuery({ new: "1" })} onClick={() => setMade(null)}>{say("admin.give")}</a>}
            </header>
            {tokens.length === 0 ? <Empty title={say("admin.nobody")} /> : <Given tokens={tokens} directory={directory} onLink={(token) => void newLink(token)} onTake={take} />}
          </section>
          <Sessions directory={directory} />
          {taken && <TakeAway token={taken} onDone={() => { take(null); shown.again(); }} />}
        </div>
      )}
    </Answered>
  );
}
