// The officers' page: ask, list, explain. Every text from the server goes in through textContent, never as HTML.
"use strict";

const at = (id) => document.getElementById(id);
let words = WORDS.en;
let lastAsked = null;  // {profile, programme} of the shown list
let asking = null;     // AbortController of the request under way

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

// ---- asking

// The answer, or an Error whose message an officer can act on.
async function ask(target, options) {
  let response;
  try {
    response = await fetch(target, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(words.offline);
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const parts = [answer.member, answer.detail || answer.title || response.status, answer.remedy];
  throw new Error(parts.filter(Boolean).join(" · "));
}

function question() {
  const body = { programme: at("programme").value || "open", limit: 20 };
  const profile = at("profile").value.trim();
  const seeks = at("seeks").value.trim();
  const offers = at("offers").value.trim();
  if (profile) body.profile = profile;
  else {
    if (seeks) body.text = seeks;
    if (offers) body.offering = offers;
  }
  const countries = at("country").value.split(/[\s,;،、，]+/).filter(Boolean);
  if (countries.length) body.where = { country: countries };
  body.explain = true;
  if (at("vary").checked) body.diversify = true;
  return body.profile || body.text || body.offering ? body : null;
}

async function search(event) {
  event.preventDefault();
  const body = question();
  if (!body) return say(words.empty, true);
  if (asking) asking.abort();
  const mine = (asking = new AbortController());
  at("go").disabled = true;
  say(words.searching);
  try {
    const answer = await ask("v1/match", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: mine.signal,
    });
    lastAsked = { profile: body.profile, programme: body.programme };
    show(answer);
  } catch (error) {
    if (error.name === "AbortError") return;
    at("results").replaceChildren();
    say(error.message, true);
  } finally {
    if (asking === mine) at("go").disabled = false;
  }
}

// ---- showing

function show(answer) {
  at("results").replaceChildren(...answer.matches.map(result));
  if (answer.matches.length === 0) return say(words.nobody);
  let text = phrase("found", { n: answer.matches.length, q: answer.qualifying });
  if (!answer.complete) text += " " + words.unproven;
  const groups = answer.exposure.filter((group) => group.qualifying || group.floor).map(exposure);
  if (groups.length) text += " " + words.exposure + " " + groups.join(" · ");
  say(text);
}

// "LDC 3/20 (≥ 2)"
function exposure(group) {
  const name = group.group === "women_led" ? words.women : group.group;
  return `${name} ${group.in_list}/${group.of_list}` + (group.floor ? ` (≥ ${group.floor})` : "");
}

function countryName(code) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "region" }).of(code);
  } catch {
    return code;
  }
}

function result(match) {
  const item = make("li");
  item.append(foreign("h2", match.title));
  const line = make("p", undefined, "quiet");
  const id = make("span", match.id, "id");
  id.dir = "ltr";
  line.append(make("span", percent(match.score), "score"), " · ", make("span", countryName(match.country)), " · ", id);
  item.append(line);
  const reasons = make("ul", undefined, "reasons");
  const given = match.reasons.length ? match.reasons : [words.noReason];
  reasons.append(...given.map((reason) => foreign("li", reason)));
  item.append(reasons);
  if (match.evidence) item.append(quotation(match.evidence));
  if (match.also) {
    const also = make("p", undefined, "quiet");
    also.append(worded("span", "also"), " " + match.also.join(", "));
    item.append(also);
  }
  item.append(whyButton(match));
  return item;
}

function quotation(evidence) {
  const quote = foreign("blockquote", evidence.text);
  if (evidence.lang) quote.lang = evidence.lang;
  return quote;
}

function wouldHelp(help) {
  const list = make("ul");
  for (const edit of help.edits) list.append(foreign("li", edit.words + " → " + edit.rank));
  return [worded("h3", "help"), foreign("p", help.summary), list];
}

// Opens and closes the details of one match; asks for them once.
function whyButton(match) {
  const holder = make("div");
  const button = worded("button", "why");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  const details = make("div");
  details.hidden = true;
  const asked = lastAsked;
  let loaded = false;
  button.addEventListener("click", async () => {
    details.hidden = !details.hidden;
    button.setAttribute("aria-expanded", String(!details.hidden));
    button.dataset.word = details.hidden ? "why" : "hide";
    button.textContent = words[button.dataset.word];
    if (loaded || details.hidden) return;
    loaded = true;
    try {
      details.replaceChildren(...(await explanation(match, asked)));
    } catch (error) {
      loaded = false;
      details.replaceChildren(foreign("p", error.message, "broken"));
    }
  });
  holder.append(button, details);
  return holder;
}

async function explanation(match, asked) {
  const nodes = [partsTable(match.parts || [])];
  if (asked && asked.profile) {
    const query = new URLSearchParams({ a: asked.profile, b: match.id, programme: asked.programme });
    const answer = await ask("v1/explain?" + query);
    nodes.push(verdictsTable(answer.verdicts), ...wouldHelp(answer.would_help));
  }
  const profile = await ask("v1/profiles/" + encodeURIComponent(match.id));
  nodes.push(worded("h3", "profileText"));
  for (const member of ["summary", "offers", "seeks"])
    if (profile[member]) nodes.push(foreign("p", profile[member], "text"));
  return nodes;
}

// What a part adds to the score, in hundredths, signed.
function points(contribution) {
  return (contribution < 0 ? "−" : "+") + Math.abs(contribution * 100).toFixed(2);
}

function partsTable(parts) {
  return table(
    ["signal", "value", "weight"],
    parts.filter((part) => part.known || points(part.contribution).slice(1) !== "0.00").map((part) => [
      foreign("span", part.signal),
      part.known ? make("span", percent(part.value)) : worded("span", "unknown", "quiet"),
      make("span", points(part.contribution)),
    ]),
  );
}

function verdictsTable(verdicts) {
  return table(
    ["condition", "of", "finds", "change"],
    verdicts.map((verdict) => {
      const condition = make("span");
      const state = verdict.met ? worded("span", "met", "met") : worded("span", "broken", "broken");
      condition.append(foreign("span", verdict.condition), " — ", state);
      return [condition, foreign("span", verdict.owner), foreign("span", verdict.found), foreign("span", verdict.change || "")];
    }),
  );
}

// ---- start

async function start() {
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
  at("ask").addEventListener("submit", search);
  at("seeks").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("ask").requestSubmit();
  });

  let programmes = [{ slug: "open", name: "open", description: "" }];
  try {
    programmes = (await ask("v1/programmes")).programmes;
  } catch (error) {
    say(error.message, true);
  }
  for (const programme of programmes) {
    const option = make("option", programme.name);
    option.value = programme.slug;
    at("programme").append(option);
  }
  const describe = () => {
    const chosen = programmes.find((programme) => programme.slug === at("programme").value);
    at("about").textContent = chosen ? chosen.description : "";
  };
  at("programme").value = "open";
  at("programme").addEventListener("change", describe);
  describe();
}

start();
