// Who the reader is to the server: role, office, desk, their names, rights. Views show what may be done, the server decides.
import { useAnswer } from "../api/answer";
import { get, type Result } from "../api/client";

export type Me = Result<"get", "/v1/session">;

// undefined: not known yet; null: nobody, for the server wants a key.
// `asked`: false where nobody is to be asked who they are.
export function useMe(asked = true): Me | null | undefined {
  const { data, problem } = useAnswer(asked ? "me" : null, (signal) => get("/v1/session", { signal }));
  return problem?.trouble === "signed-out" ? null : (data ?? undefined);
}
