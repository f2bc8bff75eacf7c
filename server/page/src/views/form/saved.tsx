// When and where it was saved, and who sees what of it.
import type { ComponentChildren } from "preact";
import { clockText } from "../../words/dates";
import { say } from "../../words/say";
import type { Copy } from "./copy";

export function WhoSeesWhat({ children }: { children?: ComponentChildren }) {
  return (
    <section class="card stack-s">
      <h2>{say("form.who_sees_what")}</h2>
      <ul class="m plain stack-s">
        <li>{say("form.all_see")}</li>
        <li>{say("form.office_sees")}</li>
        <li>{say("form.other_side_sees")}</li>
      </ul>
      {children}
    </section>
  );
}

// When it was saved, and where.
export function Saved({ browser, copy }: { browser: number; copy: Copy }) {
  const { problem } = copy;
  const where = copy.busy ? say("form.saving")
    : copy.at && copy.at >= browser ? say("form.saved_both", { time: clockText(copy.at) })
    : browser ? say("form.saved_here", { time: clockText(browser) }) : "";
  return (
    <p class="m quiet" role="status">
      {where && <span class={copy.busy ? undefined : "ok"}>{where}</span>}
      {problem && problem.trouble !== "offline" && problem.trouble !== "overtaken" && <> <span dir="auto">{problem.trouble === "forbidden" ? say("form.server_keeps_none") : problem.detail}</span></>}
    </p>
  );
}
