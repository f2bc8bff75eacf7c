// Before anything is asked: how to ask, with questions that work.
import { Empty } from "../../parts/states";
import { say } from "../../words/say";

const EXAMPLES = [
  { lang: "en", text: "Solar cold rooms for fish landing sites, 5 to 20 tonnes" },
  { lang: "fr", text: "Équipement de biogaz pour quarante exploitations laitières" },
  { lang: "ar", text: "شريك لتجميع الألواح الشمسية" },
];

export function Opening() {
  return (
    <Empty title={say("search.any_language")}>
      <p>{say("search.how")}</p>
      <div class="row middle">
        {EXAMPLES.map(({ lang, text }) => (
          <a key={lang} class="chip" lang={lang} dir="auto" href={"/search?" + new URLSearchParams({ seek: text })}>{text}</a>
        ))}
      </div>
    </Empty>
  );
}
