// What the last match run changed, for one office or all.
"use strict";

const LIMIT = 200;

async function showNews(event) {
  if (event) event.preventDefault();
  at("results").replaceChildren();
  at("csv").hidden = true;
  const programme = at("programme").value, office = at("office").value.trim();
  say(words.searching);
  try {
    const { runs } = await ask("v1/runs?" + new URLSearchParams({ programme }));
    if (runs.length === 0) return say(words.noRun);
    const query = new URLSearchParams({ limit: LIMIT });
    if (office) query.set("office", office);
    const target = "v1/runs/" + encodeURIComponent(runs[0].id) + "/digest?" + query;
    const digest = await ask(target);
    const when = new Date(runs[0].finished).toLocaleString(document.documentElement.lang);
    const told = digest.previous ? "changes" : "firstRun";
    say(when + " · " + (digest.total ? phrase(told, { n: digest.total, s: digest.profiles.length }) : words.noChanges));
    at("results").replaceChildren(...digest.profiles.map(profileNews));
    if (digest.total) {
      at("csv").hidden = false;
      // Excel separates by a semicolon where decimals have a comma.
      const comma = ["en", "zh"].includes(document.documentElement.lang);
      at("csv").href = target + "&format=excel&sep=" + (comma ? "comma" : "semicolon");
    }
  } catch (error) {
    say(error.message, true);
  }
}

function profileNews(profile) {
  const item = make("li");
  item.append(foreign("h2", profile.title || profile.id));
  const id = make("span", profile.id, "id");
  id.dir = "ltr";
  const line = make("p", undefined, "quiet");
  if (profile.country) line.append(make("span", countryName(profile.country)), " · ");
  line.append(id);
  item.append(line, table(["what", "band", "counterpart", "place", "cause"], profile.changes.map(changeRow)));
  if (profile.more) item.append(make("p", "+ " + profile.more, "quiet"));
  return item;
}

function changeRow(change) {
  const counterpart = make("span");
  const id = make("span", change.id, "id quiet");
  id.dir = "ltr";
  counterpart.append(foreign("span", change.title || change.id), " ", make("span", change.country ? countryName(change.country) : "", "quiet"), " ", id);
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const places = [change.place_before, change.place].map((place) => (place ? numbers.format(place) : "–"));
  const good = ["new", "risen", "proposed"].includes(change.change);
  return [
    worded("span", "is_" + change.change, good ? "met" : "broken"),
    change.band ? worded("span", change.band) : make("span", "–", "quiet"),
    counterpart,
    make("bdi", places.join(" → ")),
    worded("span", "cause_" + change.cause),
  ];
}

// A plain link would go without the token.
async function saveCsv(event) {
  if (!sessionStorage.getItem("token")) return;
  event.preventDefault();
  try {
    const response = await send(at("csv").href);
    const file = make("a");
    file.href = URL.createObjectURL(await response.blob());
    file.download = at("csv").download;
    file.click();
    URL.revokeObjectURL(file.href);
  } catch (error) {
    say(error.message, true);
  }
}

startPage(() => showNews()).then(() => {
  const asked = new URLSearchParams(location.search);
  if (asked.has("programme")) at("programme").value = asked.get("programme");
  if (asked.has("office")) at("office").value = asked.get("office");
  at("csv").addEventListener("click", saveCsv);
  at("which").addEventListener("submit", showNews);
  at("programme").addEventListener("change", () => showNews());
  showNews();
});
