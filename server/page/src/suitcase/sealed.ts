// What is sealed in this file, and what leaves it: AES-256-GCM by a key that PBKDF2 makes of the passphrase; answers by keys that
// only the server and the inside have, and signed by HMAC-SHA256. The browser's own cryptography does it all.
export interface Header {
  format: string;
  id: string;
  office: string;
  made: string;
  until: string;
  taken_until: string;
  language: string;
  rounds: number;
  salt: string;
}
export interface Keys {
  seals: string;
  signs: string;
}
export interface Bundle {
  format: string;
  suitcase: string;
  sealed: string;
  signature: string;
}

const ANSWERS = "counterpart-answers-1";
const NONCE = 12;
const utf8 = new TextEncoder();

const textOf = (id: string) => document.getElementById(id)!.textContent!;
const bytesOf = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

const headerText = textOf("header");
export const header = JSON.parse(headerText) as Header;

// As server/suitcase/sealing.h has it: letters and digits alone, those that are read as another one made that.
const typed = (passphrase: string) => passphrase.toLowerCase().replace(/o/g, "0").replace(/[il]/g, "1").replace(/[^a-z0-9]/g, "");

async function opened(sealed: Uint8Array, key: CryptoKey, bound: string): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: utf8.encode(bound) }, key, sealed.slice(NONCE));
}

// Throws where the passphrase is another one, or the file was changed.
export async function unlock<T>(passphrase: string): Promise<T> {
  const secret = await crypto.subtle.importKey("raw", utf8.encode(typed(passphrase)), "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: bytesOf(header.salt), iterations: header.rounds }, secret,
    { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const plain = await opened(bytesOf(textOf("sealed")), key, headerText);
  return (await new Response(new Blob([plain]).stream().pipeThrough(new DecompressionStream("gzip"))).json()) as T;
}

const bound = () => ANSWERS + "\n" + header.id;
const sealing = (keys: Keys) => crypto.subtle.importKey("raw", bytesOf(keys.seals), "AES-GCM", false, ["encrypt", "decrypt"]);

export async function sealAnswers(inside: unknown, keys: Keys): Promise<Bundle> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const plain = utf8.encode(JSON.stringify(inside));
  const inner = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(bound()) }, await sealing(keys), plain));
  const whole = new Uint8Array(NONCE + inner.length);
  whole.set(iv);
  whole.set(inner, NONCE);
  const sealed = base64(whole);
  const signs = await crypto.subtle.importKey("raw", bytesOf(keys.signs), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = base64(new Uint8Array(await crypto.subtle.sign("HMAC", signs, utf8.encode(bound() + "\n" + sealed))));
  return { format: ANSWERS, suitcase: header.id, sealed, signature };
}

// Throws where it is of another suitcase, or was changed.
export async function openAnswers<T>(text: string, keys: Keys): Promise<T> {
  const bundle = JSON.parse(text) as Bundle;
  return JSON.parse(new TextDecoder().decode(await opened(bytesOf(bundle.sealed), await sealing(keys), bound()))) as T;
}
