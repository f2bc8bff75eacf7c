// What the page says. A text comes from datasets/words/page*.toml by its key, filled in and in the reader's language.
//
// Arguments are made ready here: numbers as the language writes them, texts isolated, so that a name of another direction
// cannot turn the sentence round.
import type { ComponentChild } from "preact";
import { store } from "../store";
import { script } from "./scripts";

export const LANGUAGES = { en: "English", fr: "Français", es: "Español", ar: "العربية", zh: "中文", ru: "Русский" };
export type Language = keyof typeof LANGUAGES;

type Chooser = (name: string, forms: Record<string, string>) => string;
type Message = string | ((args: Record<string, string>, plural: Chooser, select: Chooser) => string);
export type Arguments = Record<string, string | number>;

let messages: Record<string, Message> = {};
const loaded = new Map<string, Promise<void>>();
let plurals = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");

// The language of all that is drawn. It changes when its words are there, not before.
export const language = store<Language>((document.documentElement.lang || "en") as Language);

// As Intl knows it: Arabic with European digits, as the UN writes.
export const locale = (): string => (language.get() === "ar" ? "ar-u-nu-latn" : language.get());

// One catalogue of the language that is in force.
export function loadWords(name: string, tongue: Language = language.get()): Promise<void> {
  const key = `${name}.${tongue}`;
  let loading = loaded.get(key);
  if (!loading) {
    loading = script(name, tongue).then((words) => void (messages = { ...messages, ...tagged(words as Record<string, Message>, tongue) }));
    loading.catch(() => loaded.delete(key)); // the next try asks again
    loaded.set(key, loading);
  }
  return loading;
}
const tagged = (words: Record<string, Message>, tongue: Language) =>
  Object.fromEntries(Object.entries(words).map(([key, message]) => [tongue + ":" + key, message]));

// Lists of names by code: "countries", "terms".
const lists = new Map<string, Promise<unknown>>();
export function loadNames<T>(name: string): Promise<T> {
  const key = name + "." + language.get();
  if (!lists.has(key)) {
    const loading = script(name, language.get());
    loading.catch(() => lists.delete(key));
    lists.set(key, loading);
  }
  return lists.get(key) as Promise<T>;
}

export function speak(tongue: Language): void {
  document.documentElement.lang = tongue;
  document.documentElement.dir = tongue === "ar" ? "rtl" : "ltr";
  plurals = new Intl.PluralRules(tongue);
  language.set(tongue);
  numbers = new Intl.NumberFormat(locale());
}

// "a, b", with the comma of the language.
export const list = (items: readonly string[]): string => new Intl.ListFormat(locale(), { type: "unit", style: "short" }).format(items);
export const number = (value: number): string => numbers.format(value);
const isolated = (text: string) => "\u2068" + text + "\u2069";

function filled(key: string, args: Arguments, ready: Record<string, string>): string {
  const message = messages[language.get() + ":" + key];
  if (message === undefined) return `⟨${key}⟩`; // a fault of ours; tests look for these brackets
  if (typeof message === "string") return message;
  return message(
    ready,
    (name, forms) => forms[String(args[name])] ?? forms[plurals.select(Number(args[name]))] ?? forms.other ?? "",
    (name, forms) => forms[String(args[name])] ?? forms.other ?? "",
  );
}

export function say(key: string, args: Arguments = {}): string {
  const ready: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) ready[name] = typeof value === "number" ? number(value) : isolated(value);
  return filled(key, args, ready);
}

// The same with nodes in some gaps: a link, a name in <bdi>. Gaps are marked by private-use characters that no text has.
export function sayWith(key: string, nodes: Record<string, ComponentChild>, args: Arguments = {}): ComponentChild[] {
  const ready: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) ready[name] = typeof value === "number" ? number(value) : isolated(value);
  const order = Object.keys(nodes);
  order.forEach((name, i) => (ready[name] = String.fromCharCode(0xe000 + i)));
  return filled(key, args, ready)
    .split(/([\ue000-\uf8ff])/)
    .map((piece) => (/^[\ue000-\uf8ff]$/.test(piece) ? nodes[order[piece.charCodeAt(0) - 0xe000]!] : piece));
}
