// Who is signed in: the one place that knows how. An access key of this visit is forgotten when the window is closed.
import { store } from "../store";

const NAME = "token";

export interface Session {
  number: number; // another one for everybody who signs in or out: what was shown to one is not shown to the next
  signedIn: boolean;
  ended: boolean; // the server wants a key, or this one is not in force any more: a dialog asks for it
  hadKey: boolean; // when it ended
}

const key = (): string | null => {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
};

export const session = store<Session>({ number: 0, signedIn: key() !== null, ended: false, hadKey: false });

const next = (changes: Partial<Session>) => session.set({ ...session.get(), ...changes });

export function authorization(): Record<string, string> {
  const token = key();
  return token === null ? {} : { Authorization: "Bearer " + token };
}

export function signIn(token: string): void {
  sessionStorage.setItem(NAME, token);
  next({ number: session.get().number + 1, signedIn: true, ended: false });
}

export function signOut(): void {
  sessionStorage.removeItem(NAME);
  next({ number: session.get().number + 1, signedIn: false, ended: false });
}

// The server answered 401.
export function sessionEnded(): void {
  if (session.get().ended) return;
  const hadKey = key() !== null;
  if (hadKey) sessionStorage.removeItem(NAME);
  next({ signedIn: false, ended: true, hadKey });
}

export const leaveSignedOut = (): void => next({ ended: false });
