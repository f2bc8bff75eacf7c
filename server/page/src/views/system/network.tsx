// The network of offices as this one knows it: what each has of the other, what waits, what does not agree; and copies of this
// server.
import { useAnswer } from "../../api/answer";
import { get, type Result } from "../../api/client";
import { Facts } from "../../parts/facts";
import { Answered, Empty } from "../../parts/states";
import { momentText } from "../../words/dates";
import { locale, number, say, sayWith } from "../../words/say";

type Data = Result<"get", "/v1/network">;
type Office = Data["offices"][number];

const STEPS = [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const; // seconds

// "4 minutes ago"; what another office's clock has in the future is told as that clock has it.
function Ago({ when }: { when?: string }) {
  if (!when) return <>{say("system.never")}</>;
  const past = (Date.now() - Date.parse(when)) / 1000, text = momentText(when);
  const [unit, length] = STEPS.find(([, length]) => past >= length) ?? ["second", Infinity];
  const ago = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-Math.trunc(past / length), unit);
  return <time dateTime={when} title={text}>{past > -60 ? ago : text}</time>;
}

function Keys({ of }: { of: Office | NonNullable<Data["own"]> }) {
  return (
    <details>
      <summary>{say("network.keys")}<span class="hidden">: <bdi>{of.name}</bdi></span></summary>
      <p class="small">{say("network.keys_what")}</p>
      <p><code class="id">{of.fingerprint}</code></p>
    </details>
  );
}

function Other({ office }: { office: Office }) {
  const { behind, parked, erasures_unconfirmed: ours, erasures_pending: theirs } = office;
  return (
    <section class="card stack-s">
      <h2><bdi>{office.name}</bdi> <span class="id quiet">{office.office}</span></h2>
      <Facts facts={[
        { name: say("column.profiles"), value: number(office.profiles) },
        { name: say("network.as_of"), value: <Ago when={office.as_of} /> },
        { name: say("network.heard"), value: <Ago when={office.heard_at} /> },
        { name: say("network.waits"), value: office.whole_state_due ? say("network.anew") : behind ? say("network.changes", { n: behind }) : <span class="met">{say("network.all_there")}</span> },
        { name: say("network.confirmed"), value: <Ago when={office.confirmed.at} /> },
        { name: say("network.differences"), value: parked ? <span class="unmet">{say("network.set_aside", { n: parked })}</span> : <span class="met">{say("network.none")}</span> },
        { name: say("network.receipts"), value: (ours > 0 || theirs > 0) && (
          <>{ours > 0 && <p class="unmet">{say("network.erased_ours", { n: ours })}</p>}{theirs > 0 && <p class="unmet">{say("network.erased_theirs", { n: theirs })}</p>}</>
        ) || "" },
      ]} />
      {parked > 0 && (
        <details>
          <summary>{say("network.why")}<span class="hidden">: <bdi>{office.name}</bdi></span></summary>
          <ul class="m plain">{office.set_aside.map((one) => <li key={one.profile}><span class="id">{one.profile}</span>: <span dir="auto">{one.reason}</span></li>)}</ul>
        </details>
      )}
      <Keys of={office} />
    </section>
  );
}

const command = (words: string) => <code class="id">counterpart network {words}</code>;

function Offices({ data }: { data: Data }) {
  const { own, offices, erasures_open: open = 0 } = data;
  if (!own) return <Empty title={say("network.alone")}><p>{sayWith("network.alone_how", { command: command("join --office ID --name NAME") })}</p></Empty>;
  return (
    <div class="stack">
      <section class="card stack-s">
        <h2>{say("network.own")}: <bdi>{own.name}</bdi> <span class="id quiet">{own.office}</span></h2>
        <Facts facts={[
          { name: say("network.oldest"), value: data.oldest_kept ? <Ago when={data.oldest_kept} /> : <span class="met">{say("network.none")}</span> },
          { name: say("network.receipts"), value: <span class={open ? "unmet" : "met"}>{open ? say("network.receipts_wait", { n: open }) : say("network.receipts_whole")}</span> },
        ]} />
        <Keys of={own} />
      </section>
      {offices.length ? <div class="two top">{offices.map((office) => <Other key={office.office} office={office} />)}</div> : (
        <Empty title={say("network.nobody")}><p>{sayWith("network.nobody_how", { card: command("card --output FILE"), add: command("add FILE") })}</p></Empty>
      )}
    </div>
  );
}

function Copies() {
  const { data } = useAnswer("replica", (signal) => get("/v1/replica", { signal }));
  if (!data || (data.role === "owner" && !data.standby)) return null;
  const server = data.fenced_by?.url ?? data.follows ?? "", left = data.left_behind ?? 0;
  return (
    <section class="card stack-s">
      <h2>{say("network.copies")}</h2>
      {data.role === "follower" && <p>{say("network.copy_of", { server, lag: data.lag ?? 0 })} {data.stands_by && say("network.is_standby")}</p>}
      {data.role === "owner" && <p class={data.standby!.heard ? "met" : "unmet"}>{say(data.standby!.heard ? "network.standby" : "network.standby_silent")}</p>}
      {data.role === "fenced" && <p class="unmet">{say("network.fenced", { server })}</p>}
      {left > 0 && <p class="unmet">{say("network.left_behind", { n: left })}</p>}
    </section>
  );
}

export function Network() {
  const shown = useAnswer("network", (signal) => get("/v1/network", { signal }));
  return (
    <div class="stack">
      <Answered shown={shown}>{(data) => <Offices data={data} />}</Answered>
      <Copies />
    </div>
  );
}
