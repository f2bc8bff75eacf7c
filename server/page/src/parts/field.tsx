// A field with its label above, what helps before it, and what is wrong or right with what stands in it.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  ok?: ComponentChildren;
  grow?: boolean;
  id?: string; // where something links to it
  children: (attributes: { id: string; class: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => JSX.Element;
}

export function Field({ label, hint, error, ok, grow, id: given, children }: Props) {
  const own = useId();
  const id = given ?? own;
  const about = [hint && id + "-hint", error && id + "-error", ok && id + "-ok"].filter(Boolean).join(" ");
  return (
    <div class={grow ? "field grow" : "field"}>
      <label for={id}>{label}</label>
      {hint && <span class="hint" id={id + "-hint"}>{hint}</span>}
      {error && <span class="error" id={id + "-error"}>{error}</span>}
      {children({ id, class: "input", "aria-describedby": about || undefined, "aria-invalid": error ? true : undefined })}
      {ok && <span class="ok" id={id + "-ok"}>{ok}</span>}
    </div>
  );
}
