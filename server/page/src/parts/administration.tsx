// What stands around every part of the administration: its heading, and the way to the other parts.
import type { ComponentType } from "preact";
import { useTitle } from "../shell/arrive";
import { useMe } from "../shell/me";
import type { Place } from "../shell/place";
import { say } from "../words/say";

export interface SectionProps {
  place: Place;
}

interface Section {
  path: string;
  word: string;
  right: string; // an officer without it has no business there
}

export const SECTIONS: readonly [Section, ...Section[]] = [
  { path: "/admin/access", word: "admin.access", right: "govern" },
  { path: "/admin/offices", word: "admin.offices", right: "offices" },
  { path: "/admin/desks", word: "admin.desks", right: "offices" },
  { path: "/admin/letters", word: "admin.letters", right: "casework" },
  { path: "/admin/suitcases", word: "admin.suitcases", right: "casework" },
  { path: "/admin/network", word: "admin.network", right: "measure" },
  { path: "/admin/audit", word: "admin.audit", right: "govern" },
  { path: "/admin/system", word: "admin.system", right: "operate" },
];

export function Administration({ place, parts }: { place: Place; parts: Record<string, ComponentType<SectionProps>> }) {
  const me = useMe();
  const open = me?.role === "officer" ? SECTIONS.filter((one) => (me.rights as Record<string, string>)[one.right]) : SECTIONS;
  const section = SECTIONS.find((one) => one.path === place.path)!;
  useTitle(say("admin.title_of", { part: say(section.word) }));
  const Part = parts[section.path]!;
  return (
    <>
      <h1>{say("nav.admin")}</h1>
      <nav class="tabs noprint" aria-label={say("admin.parts")}>
        {open.map((one) => <a key={one.path} href={one.path} aria-current={one === section ? "page" : undefined}>{say(one.word)}</a>)}
      </nav>
      <Part place={place} key={section.path} />
    </>
  );
}
