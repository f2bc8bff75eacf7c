// Shares that a manager wants, beside those that are expected: in the address, as in shares=LDC=0.3,SIDS=0.1.
import { useState } from "preact/hooks";
import { Field } from "../../parts/field";
import { go, withQuery } from "../../shell/place";
import { say } from "../../words/say";

const pairsOf = (shares: string): [string, string][] =>
  shares.split(",").filter((one) => one.includes("=")).map((one) => [one.slice(0, one.lastIndexOf("=")), one.slice(one.lastIndexOf("=") + 1)]);
const textOf = (pairs: [string, string][]) => pairs.map((pair) => pair.join("=")).join(",");

export function Shares({ shares, keys }: { shares: string; keys: { key: string; title: string }[] }) {
  const [key, setKey] = useState(""), [wanted, setWanted] = useState("");
  const asked = pairsOf(shares);
  const number = Number(wanted);
  const wrong = wanted !== "" && !(number >= 0 && number <= 100);
  const chosen = key || keys[0]?.key;
  const apply = (event: Event) => {
    event.preventDefault();
    if (wrong || wanted === "" || !chosen) return;
    setWanted("");
    go(withQuery({ shares: textOf([...asked.filter(([one]) => one !== chosen), [chosen, String(number / 100)]]) }));
  };
  const title = (code: string) => keys.find((one) => one.key === code)?.title ?? code;
  return (
    <details class="noprint" open={asked.length > 0}>
      <summary>{say("programme.want")}</summary>
      <div class="stack-s">
        {asked.length > 0 && (
          <ul class="row">
            {asked.map(([code, share]) => (
              <li key={code}><a class="chip on" href={withQuery({ shares: textOf(asked.filter(([one]) => one !== code)) })}>
                {title(code)}: {say("programme.percent", { n: Math.round(Number(share) * 100) })} <span aria-hidden="true">✕</span><span class="hidden">{say("programme.take_away")}</span></a></li>
            ))}
          </ul>
        )}
        <form class="row top" onSubmit={apply} aria-label={say("programme.want")}>
          <Field label={say("programme.key")}>
            {(attributes) => (
              <select {...attributes} class="input wide" value={chosen} onChange={(event) => setKey(event.currentTarget.value)}>
                {keys.map((one) => <option key={one.key} value={one.key}>{one.title}</option>)}
              </select>
            )}
          </Field>
          <Field label={say("programme.want_percent")} error={wrong ? say("programme.want_wrong") : undefined}>
            {(attributes) => <input {...attributes} inputMode="decimal" size={5} value={wanted} onInput={(event) => setWanted(event.currentTarget.value.trim())} />}
          </Field>
          <button type="submit" class="button">{say("programme.want_apply")}</button>
        </form>
      </div>
    </details>
  );
}
