// The officers' page: ask, list, explain.
"use strict";

let lastAsked = null;  // {profile, programme} of the shown list
let asking = null;     // AbortController of the request under way

// ---- asking

const ALL_BANDS = ["strong", "good", "possible", "weak"];

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

async function search(event, bands) {
  event.preventDefault();
  const body = question();
  if (!body) return say(words.empty, true);
  if (bands) body.bands = bands;
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
  if (answer.matches.length === 0) {
    at("results").append(...(answer.removed || []).map(removal));
    if (answer.nearest) at("results").append(nearest(answer.nearest));
    if (answer.weak) at("results").append(weakButton());
    return say(answer.qualifying ? phrase("noFit", { q: answer.qualifying }) : words.nobody);
  }
  let text = phrase("found", { n: answer.matches.length, q: answer.qualifying });
  if (!answer.complete) text += " " + words.unproven;
  const groups = answer.exposure.filter((group) => group.qualifying || group.floor).map(exposure);
  if (groups.length) text += " " + words.exposure + " " + groups.join(" · ");
  if (answer.weak) at("results").append(weakButton());
  say(text);
}

// Asks for the weak matches too: an item at the end of a list without them.
function weakButton() {
  const item = make("li");
  const button = worded("button", "showWeak");
  button.type = "button";
  button.addEventListener("click", (event) => search(event, ALL_BANDS));
  item.append(button);
  return item;
}

// The best of those whom one condition keeps away.
function nearest(one) {
  const item = make("li");
  item.append(worded("span", "nearest", "quiet"), foreign("h2", one.title));
  item.append(foreign("p", one.condition), foreign("p", one.remedy));
  return item;
}

// By which condition how many fell, and what would open it: as an item of an empty list.
function removal(one) {
  const item = make("li");
  item.append(make("span", String(one.count), "score"), " ", foreign("span", one.condition), foreign("p", one.remedy));
  return item;
}

// "LDC 3/20 (≥ 2)"
function exposure(group) {
  const name = group.group === "women_led" ? words.women : group.group;
  return `${name} ${group.in_list}/${group.of_list}` + (group.floor ? ` (≥ ${group.floor})` : "");
}

function result(match) {
  const item = make("li");
  item.append(foreign("h2", match.title));
  const line = make("p", undefined, "quiet");
  const id = make("span", match.id, "id");
  id.dir = "ltr";
  line.append(worded("span", match.band, "score"), " · ", make("span", countryName(match.country)), " · ", id);
  const stands = [match.side, ...(match.roles || [])].filter(Boolean).join(", ");
  if (stands) line.append(" · ", foreign("span", stands));
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
  const done = evidence.reference;
  if (done) quote.append(" — ", foreign("cite", [done.title, done.country && countryName(done.country), done.year].filter(Boolean).join(", ")));
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
    parts.filter((part) => part.counted && (part.known || points(part.contribution).slice(1) !== "0.00")).map((part) => [
      foreign("span", part.name),
      part.inferred ? worded("span", "inferred", "quiet") : part.known ? make("span", percent(part.value)) : worded("span", "unknown", "quiet"),
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
  const describe = () => {
    at("about").textContent = at("programme").selectedOptions[0]?.dataset.about || "";
  };
  await startPage(describe);
  at("ask").addEventListener("submit", search);
  at("seeks").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("ask").requestSubmit();
  });
  at("programme").addEventListener("change", describe);
  describe();
}

start();
