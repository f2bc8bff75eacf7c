// Sending a form: busy meanwhile, what is wrong said where it is, and what somebody else has put there in the meantime.
import { useState } from "preact/hooks";
import { Problem } from "../api/client";
import { say } from "../words/say";

export interface Saving {
  busy: boolean;
  problem: Problem | null;
  save(send: () => Promise<unknown>): Promise<boolean>; // whether it was done
  forget(): void;
}

export function useSaving(): Saving {
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null });
  return {
    ...state,
    async save(send) {
      setState({ busy: true, problem: null });
      try {
        await send();
        setState({ busy: false, problem: null });
        return true;
      } catch (problem) {
        setState({ busy: false, problem: problem instanceof Problem ? problem : null });
        if (!(problem instanceof Problem)) throw problem;
        return false;
      }
    },
    forget: () => setState({ busy: false, problem: null }),
  };
}

// What is said of one field: `member` as the server names it, or its last part.
export const wrongIn = (problem: Problem | null, ...members: string[]): string | undefined =>
  problem && members.includes(problem.member) ? [problem.detail, problem.remedy].filter(Boolean).join(" – ") : undefined;

// Above the buttons of a form. `said`: members whose fields say it themselves.
export function Wrong({ problem, said = [] }: { problem: Problem | null; said?: string[] }) {
  if (!problem || said.includes(problem.member)) return null;
  return (
    <p class="notice bad" role="alert">
      <span>
        {problem.trouble === "overtaken" && <strong>{say("trouble.overtaken")}. </strong>}
        <span dir="auto">{problem.detail}</span>{problem.remedy && <> – <span dir="auto">{problem.remedy}</span></>}
      </span>
    </p>
  );
}
