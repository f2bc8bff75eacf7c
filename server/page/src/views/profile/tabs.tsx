// The parts of a profile, each at its address.
import { profileAddress } from "../../parts/way";
import { isThere } from "../../shell/place";
import { say } from "../../words/say";

const TABS = [
  { part: "", word: "profile.tab_profile" },
  { part: "matches", word: "profile.tab_matches" },
  { part: "versions", word: "profile.tab_versions" },
];

export function Tabs({ id, here }: { id: string; here: string }) {
  const tabs = TABS.map(({ part, word }) => ({ word, href: profileAddress(id) + (part && "/" + part), current: part === here }));
  return (
    <nav class="tabs" aria-label={say("profile.parts")}>
      {tabs.filter((tab) => isThere(tab.href)).map((tab) => <a key={tab.href} href={tab.href} aria-current={tab.current ? "page" : undefined}>{say(tab.word)}</a>)}
    </nav>
  );
}
