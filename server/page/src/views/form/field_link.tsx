// A way to a field of the form, on whatever step it stands.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { place, withQuery } from "../../shell/place";
import { fieldId, fieldOf } from "./fields";

let wanted: string | null = null; // the field that is to have the focus once its step is drawn

export function FieldLink({ member, children }: { member: string; children: ComponentChildren }) {
  const row = fieldOf(member);
  if (!row) return <>{children}</>;
  return <a href={stepHref(row.step)} onClick={() => (wanted = fieldId(row.path))}>{children}</a>;
}

export const stepHref = (step: number): string => withQuery({ step: step === 1 ? null : String(step), part: null });

export function useFieldFocus(): void {
  const here = place.use();
  useEffect(() => {
    const field = wanted && document.getElementById(wanted);
    wanted = null;
    if (!field) return;
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" });
  }, [here]);
}
