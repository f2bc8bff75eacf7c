// Who has no desk of their own, an administrator, says for which one is acted.
import { useAnswer } from "../api/answer";
import { get } from "../api/client";
import { Field } from "./field";
import { useMe } from "../shell/me";
import { say } from "../words/say";

interface Props {
  label: string;
  hint?: string;
  desk: string;
  change(desk: string): void;
}

export function Acting({ label, hint, desk, change }: Props) {
  const me = useMe();
  const asked = me?.role === "admin" && !me.desk;
  const { data } = useAnswer(asked ? "offices" : null, (signal) => get("/v1/offices", { signal }));
  if (!asked || !data?.desks.length) return null;
  return (
    <Field label={label} hint={hint}>
      {(attributes) => (
        <select {...attributes} value={desk} onChange={(event) => change(event.currentTarget.value)}>
          <option value="">{say("term.not_stated")}</option>
          {data.offices.map((office) => (
            <optgroup key={office.id} label={office.name}>
              {data.desks.filter((one) => one.office === office.id).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}
