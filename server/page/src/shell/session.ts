// Who is signed in: the one place that knows how. The server keeps the session in a cookie that no script can read; here is
// whether somebody signed in with this browser, and whether the server asks for it anew.
import { keep, readKept } from "../kept";
import { store } from "../store";

const NAME = "signed-in"; // a hint for the first drawing; the server has the last word

export interface Session {
  number: number; // another one for everybody who signs in or out: what was shown to one is not shown to the next
  signedIn: boolean;
  ended: boolean; // the server wants somebody to sign in: a dialog asks for it
  hadOne: boolean; // there was a session before it ended
}

export const session = store<Session>({ number: 0, signedIn: readKept(NAME) !== null, ended: false, hadOne: false });

const next = (changes: Partial<Session>) => session.set({ ...session.get(), ...changes });

// What every call of the page carries: by it the server knows that its own page asks, and not another site's.
export const ownHeaders = (): Record<string, string> => ({ "X-Counterpart-Page": "1" });

export function sessionBegun(): void {
  keep(NAME, "1");
  next({ number: session.get().number + 1, signedIn: true, ended: false });
}

export function sessionLeft(): void {
  keep(NAME, null);
  next({ number: session.get().number + 1, signedIn: false, ended: false, hadOne: false });
}

// The server answered 401.
export function sessionEnded(): void {
  if (session.get().ended) return;
  const hadOne = session.get().signedIn;
  keep(NAME, null);
  next({ signedIn: false, ended: true, hadOne });
}

export const leaveSignedOut = (): void => next({ ended: false });
