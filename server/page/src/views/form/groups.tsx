// Controls that are several in one: money with its ends, currency and instruments; the programmes to take part in.
import { useAnswer } from "../../api/answer";
import { get } from "../../api/client";
import { useTerms } from "../../words/names";
import { number, say } from "../../words/say";
import { amount, Codes, type Control, type ControlProps, text } from "./inputs";
import { at, isJson, type Json, put } from "./members";

const Programmes: Control = (props) => {
  const { data } = useAnswer("programmes", (signal) => get("/v1/programmes", { signal }));
  const chosen = Array.isArray(props.value) ? (props.value as string[]) : [];
  if (!data) return <Codes {...props} />;
  return (
    <div class="stack-s" id={props.attributes.id} tabIndex={-1}>
      {data.programmes.map(({ slug, name }) => (
        <label class="check" key={slug}>
          <input type="checkbox" checked={chosen.includes(slug)}
            onChange={() => props.change(chosen.includes(slug) ? chosen.filter((one) => one !== slug) : [...chosen, slug])} /> {name}
        </label>
      ))}
    </div>
  );
};

const INSTRUMENTS = ["equity", "loan", "guarantee", "grant"];
const Money: Control = ({ row, value, change, attributes }) => {
  const terms = useTerms();
  const money: Json = isJson(value) ? value : {};
  const set = (name: string, next: unknown) => change(put(money, name, next));
  const end = (name: "min" | "max", id: string) => (
    <span class="row">
      <label class="m" for={id}>{say(name === "min" ? "column.from" : "column.to")}</label>
      <input class="input num" id={id} size={11} inputMode="numeric" dir="ltr" autocomplete="off" aria-invalid={attributes["aria-invalid"]}
        value={typeof money[name] === "number" ? number(money[name]) : text(money[name])} onChange={(event) => set(name, amount(event.currentTarget.value))} />
    </span>
  );
  const instruments = Array.isArray(money.instruments) ? (money.instruments as string[]) : [];
  return (
    <>
      <div class="row" aria-describedby={attributes["aria-describedby"]}>
        {end("min", attributes.id)}
        {end("max", attributes.id + "-to")}
        <input class="input" size={4} maxLength={3} dir="ltr" aria-label={say("form.currency_of", { list: say(row.label) })} placeholder="EUR" value={text(at(money, "currency"))}
          onInput={(event) => set("currency", event.currentTarget.value.toUpperCase())} />
      </div>
      <div class="row">
        {INSTRUMENTS.map((code) => (
          <label class="check" key={code}>
            <input type="checkbox" checked={instruments.includes(code)}
              onChange={() => set("instruments", instruments.includes(code) ? instruments.filter((one) => one !== code) : [...instruments, code])} />{" "}
            {terms?.cooperation?.[code] ?? code}
          </label>
        ))}
      </div>
    </>
  );
};

export const Group = (props: ControlProps) => (props.row.kind === "money" ? <Money {...props} /> : <Programmes {...props} />);
