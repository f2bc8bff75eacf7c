// A secret that an answer has shown: a link for a person, or a key for a program. It goes nowhere but to this place; when the
// view is left it is gone.
import { useRef } from "preact/hooks";
import { announce } from "../../parts/announce";
import { say, sayWith } from "../../words/say";

export interface Made {
  secret: string;
  name: string;
  link: boolean;
}

// The server knows its own address only where it is told; the page is at it.
export const linkOf = (link: string): string => new URL(link, location.origin).href;

export function Secret({ made, onKept }: { made: Made; onKept(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current!.select();
    try {
      await navigator.clipboard.writeText(made.secret);
      announce(say("admin.copied"));
    } catch {
      announce(say("admin.copy_by_hand")); // without TLS a page may not copy
    }
  };
  const word = say(made.link ? "admin.link" : "term.token");
  return (
    <section class="card stack-s" aria-labelledby="secret">
      <h2 id="secret" tabIndex={-1} ref={(title) => title?.focus()}>{sayWith(made.link ? "admin.link_made" : "admin.made", { name: <bdi>{made.name}</bdi> })}</h2>
      <p>{say(made.link ? "admin.link_once" : "admin.made_once")}</p>
      <div class="row">
        <input ref={field} class="input grow id" readOnly value={made.secret} aria-label={word} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button main" onClick={() => void copy()}>{say("admin.copy")}</button>
      </div>
      <p><button type="button" class="button small" onClick={onKept}>{say("admin.kept_it")}</button></p>
    </section>
  );
}
