// What stands around every view: the way to the content, the bar, the navigation, what is wrong with the connection.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { VIEWS, type ViewProps, type ViewRow } from "../views";
import { language, loadWords, say } from "../words/say";
import { Loading } from "../parts/states";
import { Announcements } from "../parts/announce";
import { Bar } from "./bar";
import { Connection } from "./connection";
import { place } from "./place";
import { session } from "./session";
import { Nothing } from "./nothing";
import { SignIn } from "./sign_in";
import { useArrival } from "./arrive";

interface Loaded {
  row: ViewRow | null;
  View: ComponentType<ViewProps> | null;
  failed: boolean;
}

// The view of a row, when its script and words are there; the one before stays until then.
function useView(row: ViewRow | null, tongue: string): Loaded & { again(): void } {
  const [loaded, setLoaded] = useState<Loaded>({ row: null, View: null, failed: false });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!row) return setLoaded({ row, View: null, failed: false });
    let wanted = true;
    Promise.all([row.load(), ...row.words.map((name) => loadWords(name))]).then(
      ([script]) => wanted && setLoaded({ row, View: script.default, failed: false }),
      () => wanted && setLoaded({ row, View: null, failed: true }),
    );
    return () => void (wanted = false);
  }, [row, tongue, turn]);
  return { ...loaded, again: () => setTurn(turn + 1) };
}

function Navigation({ row }: { row: ViewRow | null }) {
  const entries = VIEWS.flatMap((one) => (one.nav ? [{ ...one.nav, current: one === row || one.nav.href === row?.within }] : []));
  const link = (entry: (typeof entries)[number]) => (
    <a key={entry.href} href={entry.href} aria-current={entry.current ? "page" : undefined} class={entry.wide ? "wide" : undefined}>
      {say(entry.word)}
    </a>
  );
  const wide = entries.filter((entry) => entry.wide);
  return (
    <div class="rail">
      <nav aria-label={say("nav.label")}>
        {entries.map(link)}
        {wide.length > 0 && (
          <details class="narrow more" key={row?.view}>
            <summary>{say("nav.more")}</summary>
            <div class="sheet">{wide.map((entry) => link({ ...entry, wide: false }))}</div>
          </details>
        )}
      </nav>
    </div>
  );
}

function Arrived({ View }: { View: ComponentType<ViewProps> }) {
  const here = place.use();
  useArrival();
  return <View place={here} />;
}

export function Frame() {
  const tongue = language.use();
  const here = place.use();
  const { row, View, failed, again } = useView(here.row, tongue);
  const shown = row === here.row ? View : null;
  const { signedIn } = session.use();
  const alone = Boolean(here.row?.open) && !signedIn;
  return (
    <>
      <a class="skip" href="#main">{say("shell.skip")}</a>
      <div class={alone ? "shell alone" : "shell"}>
        <Bar row={here.row} />
        {!alone && <Navigation row={here.row} />}
        <main id="main" tabIndex={-1}>
          <Connection />
          {!here.row && <Nothing />}
          {here.row && failed && (
            <p class="notice bad" role="alert">
              <span>{say("trouble.view")}</span>
              <button type="button" class="button small" onClick={again}>{say("trouble.again")}</button>
            </p>
          )}
          {here.row && !failed && !shown && <Loading />}
          {shown && <Arrived View={shown} key={here.row?.view} />}
        </main>
      </div>
      <Announcements />
      <SignIn />
    </>
  );
}
