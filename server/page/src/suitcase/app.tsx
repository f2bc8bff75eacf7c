// What stands around the views: of what time all of it is and how long it is of use, the way about, what was written.
import { useEffect, useState } from "preact/hooks";
import { Announcements } from "../parts/announce";
import { Field } from "../parts/field";
import { dayText, momentText } from "../words/dates";
import { say, sayWith } from "../words/say";
import { CaseView } from "./case";
import { Countries } from "./countries";
import { place } from "./inside/place";
import { Outbox } from "./outbox";
import { Edit } from "./edit";
import { Pair } from "./pair";
import { OneProfile, Profiles } from "./profiles";
import { header, unlock } from "./sealed";
import { begin, isSaved, keptHere, saved, type Taken, taken, written } from "./state";
import { Today } from "./today";

function Locked() {
  const [passphrase, setPassphrase] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  async function open(event: Event) {
    event.preventDefault();
    if (busy || !passphrase.trim()) return;
    setBusy(true);
    setWrong("");
    try {
      await begin(await unlock<Taken>(passphrase));
    } catch {
      setWrong(say(globalThis.crypto?.subtle ? "taken.wrong_passphrase" : "taken.no_cryptography"));
      setBusy(false);
    }
  }
  return (
    <main class="stack" id="main">
      <h1>{sayWith("taken.title", { office: <bdi>{header.office}</bdi> })}</h1>
      <p>{say("taken.of_time", { time: momentText(header.made), day: dayText(header.until) })}</p>
      <form class="card stack measure" onSubmit={open}>
        <Field label={say("taken.passphrase")} hint={say("taken.passphrase_hint")} error={wrong || undefined}>
          {(attributes) => (
            <input {...attributes} class="input id" dir="ltr" autoComplete="off" autoCapitalize="off" spellcheck={false} autoFocus value={passphrase}
              onInput={(event) => setPassphrase(event.currentTarget.value)} />
          )}
        </Field>
        <button type="submit" class="button main" aria-disabled={busy}>{say(busy ? "taken.opening" : "taken.open")}</button>
      </form>
    </main>
  );
}

const VIEWS: [RegExp, (parts: string[]) => preact.JSX.Element][] = [
  [/^\/$/, () => <Today />],
  [/^\/cases\/([^/]+)$/, ([id]) => <CaseView id={id!} key={id} />],
  [/^\/profiles$/, () => <Profiles />],
  [/^\/profiles\/([^/]+)$/, ([id]) => <OneProfile id={id!} key={id} />],
  [/^\/profiles\/([^/]+)\/edit$/, ([id]) => <Edit id={id!} key={id} />],
  [/^\/matches\/([^/]+)\/([^/]+)$/, ([one, other]) => <Pair one={one!} other={other!} key={one! + other} />],
  [/^\/countries(?:\/([^/]+))?$/, ([code]) => <Countries code={code} key={code} />],
  [/^\/outbox$/, () => <Outbox />],
];

function View({ path }: { path: string }) {
  for (const [pattern, view] of VIEWS) {
    const found = pattern.exec(path);
    if (found) return view(found.slice(1).map((part) => part && decodeURIComponent(part)));
  }
  return <h1>{say("taken.not_here")}</h1>;
}

const NAV: [string, string][] = [["/", "term.today"], ["/profiles", "column.profiles"], ["/countries", "taken.countries"], ["/outbox", "taken.outbox"]];

function Opened() {
  const path = place.use();
  const { operations } = written.use();
  const kept = keptHere.use();
  saved.use();
  const late = Date.parse(header.until) < Date.now();
  useEffect(() => {
    scrollTo(0, 0);
    const title = document.querySelector<HTMLElement>("h1");
    title?.setAttribute("tabindex", "-1");
    title?.focus();
    document.title = (title?.textContent ?? "") + " – Counterpart";
  }, [path]);
  useEffect(() => {
    const leaving = (event: BeforeUnloadEvent) => { if (!keptHere.get() && !isSaved()) event.preventDefault(); };
    addEventListener("beforeunload", leaving);
    return () => removeEventListener("beforeunload", leaving);
  }, []);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>("h1")?.focus(); }}>{say("taken.skip")}</a>
      <div class="shell alone">
        <header class="bar row apart noprint">
          <nav class="row" aria-label={say("taken.where")}>
            {NAV.map(([href, word]) => (
              <a key={href} class={"chip" + (href === path ? " on" : "")} aria-current={href === path ? "page" : undefined} href={"#" + href}>
                {say(word)}{href === "/outbox" && operations.length > 0 && <> <span class="count">{operations.length}</span></>}
              </a>
            ))}
          </nav>
          <p class={"m" + (late ? "" : " quiet")}>{say("taken.of_time", { time: momentText(header.made), day: dayText(header.until) })}</p>
        </header>
        <main id="main">
          {late && <p class="notice warn"><span>{say("taken.late", { day: dayText(header.taken_until) })}</span></p>}
          {!kept && !isSaved() && <p class="notice warn"><span>{say("taken.kept_nowhere")}</span> <a class="button" href="#/outbox">{say("taken.outbox")}</a></p>}
          <View path={path} />
        </main>
      </div>
      <Announcements />
    </>
  );
}

export function App() {
  return taken.use() ? <Opened /> : <Locked />;
}
