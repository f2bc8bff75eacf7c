// Somebody else wrote the same meanwhile: what it was, what it is now and what you wrote, member by member.
import { useState } from "preact/hooks";
import { usePlaceName, useSectors, useTerms } from "../../words/names";
import { list, number, say } from "../../words/say";
import { fieldOf } from "./fields";
import { at, isJson, type Json, put, same } from "./members";

// What holds other members and is not one value itself.
const HOLDERS = ["organisation", "finance", "partner", "contact"];

function paths(profile: Json): string[] {
  return Object.entries(profile).flatMap(([name, value]) =>
    HOLDERS.includes(name) && isJson(value) ? Object.keys(value).map((inner) => name + "." + inner) : [name]);
}

interface Clash {
  path: string;
  base: unknown;
  theirs: unknown;
  yours: unknown;
}

// What two wrote from one base: what only one changed is taken, what both changed is for a human. Without a base each
// difference is.
function merged(base: Json | null, theirs: Json, yours: Json): { profile: Json; clashes: Clash[]; taken: string[] } {
  let profile = yours;
  const clashes: Clash[] = [], taken: string[] = [];
  for (const path of new Set([...paths(theirs), ...paths(yours), ...paths(base ?? {})])) {
    const was = at(base ?? {}, path), one = at(theirs, path), own = at(yours, path);
    if (same(one, own) || (base && same(one, was))) continue;
    if (base && same(own, was)) {
      profile = put(profile, path, one);
      taken.push(path);
    } else clashes.push({ path, base: was, theirs: one, yours: own });
  }
  return { profile, clashes, taken };
}

function useShown(): (path: string, value: unknown) => string {
  const terms = useTerms(), sectors = useSectors(), placeName = usePlaceName();
  return function shown(path, value): string {
    const row = fieldOf(path);
    if (value === undefined || value === null) return say("term.not_stated");
    if (typeof value === "boolean") return say(value ? "form.yes" : "form.no");
    if (typeof value === "number") return number(value);
    if (Array.isArray(value)) return list(value.map((one) => shown(path, one)));
    if (isJson(value)) return list(Object.entries(value).map(([name, one]) => name + ": " + shown("", one)));
    const code = String(value);
    if (row?.list) return terms?.[row.list]?.[code] ?? code;
    if (row?.kind === "sectors") return sectors?.[code] ?? code;
    return row?.kind === "places" || row?.kind === "country" ? placeName(code) : code;
  };
}

export function ThreeWay({ base, theirs, yours, done }: { base: Json | null; theirs: Json; yours: Json; done(profile: Json): void }) {
  const { profile, clashes, taken } = merged(base, theirs, yours);
  const [chosen, choose] = useState<Record<string, "theirs" | "yours">>({});
  const shown = useShown();
  const named = (path: string) => {
    const row = fieldOf(path);
    return row ? say(row.label) : path;
  };
  const open = clashes.filter((clash) => !chosen[clash.path]).length;
  const finish = () => done(clashes.reduce((all, clash) => put(all, clash.path, clash[chosen[clash.path] ?? "yours"]), profile));
  const side = (clash: Clash, which: "theirs" | "yours", word: string) => (
    <label class="check top">
      <input type="radio" name={clash.path} checked={chosen[clash.path] === which} onChange={() => choose({ ...chosen, [clash.path]: which })} />
      <span><strong>{word}</strong><span class="quote" dir="auto">{shown(clash.path, clash[which])}</span></span>
    </label>
  );
  return (
    <section class="card stack alone" role="alert" aria-labelledby="three-way">
      <h2 id="three-way">{say("form.changed_meanwhile")}</h2>
      {taken.length > 0 && <p class="m">{say("form.taken_from_other")} {list(taken.map(named))}</p>}
      {clashes.length > 0 && <p class="m">{say("form.choose_each")}</p>}
      {clashes.map((clash) => (
        <fieldset key={clash.path} class="stack-s">
          <legend>{named(clash.path)}</legend>
          {base && <p class="small quiet">{say("form.was")} <span dir="auto">{shown(clash.path, clash.base)}</span></p>}
          <div class="two">{side(clash, "theirs", say("form.theirs"))}{side(clash, "yours", say("form.yours"))}</div>
        </fieldset>
      ))}
      <button type="button" class="button main" aria-disabled={open > 0} onClick={() => open === 0 && finish()}>
        {open > 0 ? say("form.choices_left", { n: open }) : say("form.go_on_with_these")}
      </button>
    </section>
  );
}
