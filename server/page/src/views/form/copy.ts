// The server's copy of what is being written: saved a moment after each change, and checked there. What comes back says how
// complete it is, what is wrong and what tells who wrote it.
import { useEffect, useRef, useState } from "preact/hooks";
import { type Answer, get, post, type Problem, put, type Schemas } from "../../api/client";
import { returned } from "../../api/presence";
import { language } from "../../words/say";
import type { Json } from "./members";

export type OwnDraft = Schemas["OwnDraft"];

// What opens a draft on the server.
export interface Key {
  id: string;
  secret: string;
}
export const by = (key: Key) => ({ path: { id: key.id }, headers: { Authorization: "Bearer " + key.secret } });

interface Asked {
  profile: Json;
  key: Key | null;
  wanted: boolean; // there is something to save
  careful: boolean; // others may write it too: their text is not overwritten
  onKey(key: Key | null, draft?: OwnDraft): void; // what opens it from now on, and of what was begun by that: its draft
  onSaved?(profile: Json, draft: OwnDraft): void;
  onOvertaken?(theirs: Json): void;
}

export interface Copy {
  key: Key | null;
  draft: OwnDraft | null;
  etag: string | null;
  at: number; // when it was saved there, in ms; 0: never
  busy: boolean;
  problem: Problem | null;
  take(draft: OwnDraft, etag: string | null): void; // it is so on the server
  save(): Promise<OwnDraft | null>; // as it is there now; null: not all of it is
}

const PAUSE = 1_500; // ms without typing
type State = Pick<Copy, "draft" | "etag" | "at" | "busy" | "problem">;

export function useCopy(asked: Asked): Copy {
  const [state, setState] = useState<State>({ draft: null, etag: null, at: 0, busy: false, problem: null });
  const latest = useRef(asked);
  latest.current = asked;
  const etag = useRef<string | null>(null);
  const there = useRef(""); // what the server has
  const held = useRef<OwnDraft | null>(null);
  const line = useRef<Promise<OwnDraft | null>>(Promise.resolve(null));
  const back = returned.use(), tongue = language.use();
  const text = JSON.stringify(asked.profile);

  const taken = ({ data, etag: tag }: Answer<OwnDraft>, profile: Json) => {
    there.current = JSON.stringify(profile);
    etag.current = tag;
    held.current = data;
    setState({ draft: data, etag: tag, at: Date.now(), busy: false, problem: null });
  };
  const sendNow = async (): Promise<OwnDraft | null> => {
    const { profile, key, careful, onKey, onSaved, onOvertaken } = latest.current;
    if (JSON.stringify(profile) === there.current) return held.current;
    setState((before) => ({ ...before, busy: true }));
    try {
      if (key) {
        const { path, headers } = by(key);
        const condition: Record<string, string> = careful && etag.current ? { "If-Match": etag.current } : {};
        const answer = await put("/v1/drafts/{id}", profile, { path, headers: { ...headers, ...condition } });
        taken(answer, profile);
        onSaved?.(profile, answer.data);
      } else {
        const answer = await post("/v1/drafts", profile);
        taken(answer, profile);
        onKey({ id: answer.data.id, secret: answer.data.secret! }, answer.data);
      }
      return held.current;
    } catch (error) {
      const problem = error as Problem;
      setState((before) => ({ ...before, busy: false, problem }));
      if (problem.trouble === "overtaken" && onOvertaken) onOvertaken((problem.body.theirs ?? {}) as Json);
      else if (key && !careful && (problem.trouble === "signed-out" || problem.trouble === "gone")) onKey(null); // it has expired: another is begun
      return null;
    }
  };
  const save = () => (line.current = line.current.then(sendNow));

  const off = state.problem?.trouble === "forbidden"; // this server keeps none
  useEffect(() => {
    if (!asked.wanted || off || text === there.current) return;
    const timer = setTimeout(save, there.current ? PAUSE : asked.key ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [text, asked.wanted, asked.key?.id, back, off]);

  // The same in another language.
  useEffect(() => {
    const { key, profile } = latest.current;
    if (key && there.current && JSON.stringify(profile) === there.current)
      get("/v1/drafts/{id}", by(key)).then((answer) => taken(answer, profile), () => {});
  }, [tongue]);

  return { ...state, key: asked.key, save, take: (data, tag) => taken({ data, etag: tag, when: Date.now() }, data.profile as Json) };
}
