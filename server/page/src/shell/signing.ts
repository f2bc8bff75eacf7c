// Signing in, with an access key or the secret of an invitation, and out.
import { type Answer, post, type Problem, remove, type Result } from "../api/client";
import { announce } from "../parts/announce";
import { readKept } from "../kept";
import type { Language } from "../words/say";
import { place } from "./place";
import { sessionBegun, sessionLeft } from "./session";
import { setLanguage } from "./settings";

export type SignedIn = Result<"post", "/v1/session">;

// `keep`: of an invitation, the answer shows a key for the next time.
export async function signIn(secret: string, keep = false): Promise<SignedIn> {
  const { data }: Answer<SignedIn> = await post("/v1/session", { secret, ...(keep && { keep }) });
  if (data.language && readKept("language") === null)
    await setLanguage(data.language as Language, place.get().row?.words ?? []).catch(() => {});
  sessionBegun();
  return data;
}

export function signOut(): void {
  remove("/v1/session").then(sessionLeft, (problem: Problem) => {
    if (problem.trouble === "gone" || problem.trouble === "signed-out") sessionLeft();
    else announce(problem.detail);
  });
}
