// How many counterparts would see what is being written, once the server has it.
import { useAnswer } from "../../api/answer";
import { get, type Schemas } from "../../api/client";
import { by, type Copy } from "./copy";

export function useReach({ key, draft }: Copy): Schemas["Reach"] | null {
  const ready = key && draft?.profile.kind && draft.profile.country;
  return useAnswer(ready ? `reach ${key.id} ${draft.version}` : null, (signal) => get("/v1/drafts/{id}/reach", { ...by(key!), signal })).data;
}
