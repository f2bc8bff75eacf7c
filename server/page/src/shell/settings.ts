// What a reader sets for this browser: the language of the page and the theme.
import { keep, readKept } from "../kept";
import { store } from "../store";
import { language, type Language, loadWords, speak } from "../words/say";

export type Theme = "auto" | "light" | "dark";
export const THEMES: Theme[] = ["auto", "light", "dark"];

export const theme = store<Theme>((readKept("theme") as Theme) ?? "auto");

export function setTheme(wanted: Theme): void {
  theme.set(wanted);
  keep("theme", wanted === "auto" ? null : wanted);
  if (wanted === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}

// With the words that the view needs, so that no half is in another language.
export async function setLanguage(wanted: Language, catalogues: readonly string[]): Promise<void> {
  if (wanted === language.get()) return;
  await Promise.all(["page", ...catalogues].map((name) => loadWords(name, wanted)));
  keep("language", wanted);
  speak(wanted);
}
