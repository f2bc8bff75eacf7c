// What the pages have in common: words, nodes, calls. Every text from the server goes in through textContent, never as HTML.
"use strict";

const at = (id) => document.getElementById(id);
let words = WORDS.en;

// ---- words

function chosenLanguage() {
  const stored = localStorage.getItem("language");
  const wanted = [stored, ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag) => WORDS[tag]) || "en";
}

function speak(language) {
  words = WORDS[language];
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
}

function phrase(name, values) {
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  return words[name].replace(/\{(\w)\}/g, (_, key) => numbers.format(values[key]));
}

// ---- building nodes

function make(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

// A text of unknown language: its own characters say in which direction it runs.
function foreign(tag, text, className) {
  const node = make(tag, text, className);
  node.dir = "auto";
  return node;
}

function worded(tag, word, className) {
  const node = make(tag, words[word], className);
  node.dataset.word = word;
  return node;
}

function table(headings, rows) {
  const node = make("table");
  const head = node.createTHead().insertRow();
  for (const heading of headings) head.append(worded("th", heading));
  const body = node.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    for (const cell of cells) {
      const td = row.insertCell();
      td.append(cell);
    }
  }
  return node;
}

const percent = (value) =>
  new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 }).format(value);

function say(text, bad) {
  at("message").textContent = text;
  at("message").classList.toggle("bad", Boolean(bad));
}

// ---- calls

// In the language of the page, with the token of this visit, which is forgotten when the window is closed.
async function send(target, options = {}) {
  const token = sessionStorage.getItem("token");
  const headers = { ...options.headers, "Accept-Language": document.documentElement.lang };
  if (token) headers.Authorization = "Bearer " + token;
  let response;
  try {
    response = await fetch(target, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(words.offline);
  }
  if (response.status !== 401) return response;
  sessionStorage.removeItem("token");
  at("sign-in").hidden = false;
  at("sign-out").hidden = true;
  at("token").focus();
  throw new Error(token ? words.wrongToken : words.needsToken);
}

// The answer, or an Error whose message an officer can act on.
async function ask(target, options) {
  const response = await send(target, options);
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const parts = [answer.member, answer.detail || answer.title || response.status, answer.remedy];
  throw new Error(parts.filter(Boolean).join(" · "));
}

function countryName(code) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "region" }).of(code);
  } catch {
    return code;
  }
}

// ---- start

// What was written stays when a token is asked for. `onSignedIn` shows what the refused call would have shown.
function listenForToken(onSignedIn) {
  at("sign-out").hidden = !sessionStorage.getItem("token");
  at("sign-out").addEventListener("click", () => {
    sessionStorage.removeItem("token");
    location.reload();
  });
  at("sign-in").addEventListener("submit", async (event) => {
    event.preventDefault();
    sessionStorage.setItem("token", at("token").value.trim());
    at("token").value = "";
    at("sign-in").hidden = true;
    at("sign-out").hidden = false;
    say("");
    await fillProgrammes();
    onSignedIn();
  });
}

async function fillProgrammes() {
  if (at("programme").options.length > 1) return;
  let programmes = [{ slug: "open", name: "open" }];
  try {
    programmes = (await ask("v1/programmes")).programmes;
  } catch (error) {
    say(error.message, true);
  }
  at("programme").replaceChildren(...programmes.map((programme) => {
    const option = make("option", programme.name);
    option.value = programme.slug;
    option.dataset.about = programme.description || "";
    return option;
  }));
  at("programme").value = "open";
}

// Fills the choice of languages, and of programmes with those that the server knows.
async function startPage(onSignedIn = () => {}) {
  for (const [code, table] of Object.entries(WORDS)) {
    const option = make("option", table.name);
    option.value = option.lang = code;
    at("language").append(option);
  }
  at("language").value = chosenLanguage();
  speak(at("language").value);
  at("language").addEventListener("change", () => {
    localStorage.setItem("language", at("language").value);
    speak(at("language").value);
  });
  listenForToken(onSignedIn);
  await fillProgrammes();
}
