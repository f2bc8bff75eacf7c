// The bar on top: the name, language, theme, who is signed in.
import { type ViewRow } from "../views";
import { LANGUAGES, language, type Language, say } from "../words/say";
import { session, sessionEnded } from "./session";
import { signOut } from "./signing";
import { setLanguage, setTheme, theme, THEMES } from "./settings";
import { useMe } from "./me";

const THEME_WORD = { auto: "shell.theme_auto", light: "shell.theme_light", dark: "shell.theme_dark" };
const THEME_SIGN = { auto: "◐", light: "☀", dark: "☾" };

function LanguageChoice({ row }: { row: ViewRow | null }) {
  return (
    <>
      <label class="hidden" for="language">{say("shell.language")}</label>
      <select class="input" id="language" value={language.use()}
        onChange={(event) => void setLanguage(event.currentTarget.value as Language, row?.words ?? []).catch(() => {})}>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>{name}</option>
        ))}
      </select>
    </>
  );
}

function ThemeChoice() {
  const chosen = theme.use();
  const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]!;
  const words = say("shell.theme", { now: say(THEME_WORD[chosen]), next: say(THEME_WORD[next]) });
  return (
    <button type="button" class="button bare sign" aria-label={words} title={words} onClick={() => setTheme(next)}>
      {THEME_SIGN[chosen]}
    </button>
  );
}

export function Bar({ row }: { row: ViewRow | null }) {
  const { signedIn } = session.use();
  const me = useMe(!row?.open || signedIn);
  const name = me?.desk_name ?? me?.office_name ?? me?.label;
  return (
    <header class="bar">
      <a class="brand" href="/">Counterpart</a>
      <LanguageChoice row={row} />
      <ThemeChoice />
      {name && <span class="m quiet who"><bdi>{name}</bdi></span>}
      {me?.session ? (
        <button type="button" class="button bare" onClick={signOut}>{say("session.sign_out")}</button>
      ) : (
        me === null && <button type="button" class="button bare" onClick={sessionEnded}>{say("session.sign_in")}</button>
      )}
    </header>
  );
}
