// Calls to the server: the one place where an answer becomes data or a Problem, typed by the server's own description.
//
// `#schema` is made from /openapi.json by tests/server/page_types_test.py and is needed for checking alone.
import type { components, paths } from "#schema";
import { canRepeat, isOverloaded, patiently } from "./patience";
import { keepOffline, keepOnline } from "./presence";
import { ownHeaders, sessionEnded } from "../shell/session";
import { language, say } from "../words/say";

export type Schemas = components["schemas"];

export type Trouble = "offline" | "starting" | "busy" | "signed-out" | "forbidden" | "gone" | "overtaken" | "refused" | "fault";

const TROUBLE: Record<number, Trouble> = { 401: "signed-out", 403: "forbidden", 404: "gone", 410: "gone", 412: "overtaken" };

// Something that an officer can act on. `detail` and `remedy` are the server's sentences in the reader's language.
export class Problem extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly detail: string,
    readonly remedy = "",
    readonly member = "",
    readonly body: Partial<Schemas["Problem"]> = {},
  ) {
    super(detail);
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  when: number; // ms, by this browser's clock
}

type Json<R> = R extends { content: { "application/json": infer B } } ? B : never;
type Body200<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202)]> : never;
type Of<M extends string> = { [P in keyof paths]: paths[P] extends Record<M, infer O> ? ([O] extends [undefined] ? never : P) : never }[keyof paths];
export type Result<M extends string, P extends keyof paths> = paths[P] extends Record<M, infer O> ? Body200<O> : never;
export type Sent<M extends string, P extends keyof paths> =
  paths[P] extends Record<M, { requestBody: { content: { "application/json": infer B } } }> ? B : never;

export interface Options {
  path?: Record<string, string>; // for each {…} of the address
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function address(pattern: string, { path = {}, query = {} }: Options): string {
  const place = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  const text = search.toString();
  return place + (text ? "?" + text : "");
}

// A remedy for an officer: what helps whoever has a command line, or writes a request by hand, is none.
const COMMAND = /`counterpart |--[a-z]|\?\w+=/;
export const forOfficers = (remedy = ""): string => (COMMAND.test(remedy) ? "" : remedy);

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Partial<Schemas["Problem"]>;
  const trouble = TROUBLE[response.status] ?? (response.status === 503 ? "starting" : response.status >= 500 ? "fault" : "refused");
  return new Problem(trouble, body.detail ?? body.title ?? String(response.status), forOfficers(body.remedy), body.member, body);
}

// The response itself, for what is no JSON; else get(), post() and the like. A file goes as it is.
export async function send(method: string, target: string, { headers, signal }: Options, body?: unknown): Promise<Response> {
  const all: Record<string, string> = { "Accept-Language": language.get(), ...ownHeaders(), ...headers };
  if (body !== undefined) all["Content-Type"] ??= "application/json";
  const content = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  let response: Response;
  try {
    response = await patiently(() => fetch(target, { method, headers: all, signal, body: content }), canRepeat(method, target));
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    keepOffline();
    throw new Problem("offline", say("trouble.offline"));
  }
  const busy = await isOverloaded(response);
  if (response.status === 503 && !busy && (await fetch("/readyz").catch(() => null))?.status !== 200) keepOffline();
  else keepOnline();
  if (response.ok) return response;
  if (busy) throw new Problem("busy", say("trouble.busy"));
  const problem = await problemOf(response);
  if (problem.trouble === "signed-out" && !headers?.Authorization) sessionEnded(); // another secret than the reader's own
  throw problem;
}

async function answer<T>(method: string, pattern: string, options: Options, body?: unknown): Promise<Answer<T>> {
  const response = await send(method, address(pattern, options), options, body);
  const data = response.status === 204 ? null : await response.json();
  return { data: data as T, etag: response.headers.get("ETag"), when: Date.now() };
}

// `get("/v1/profiles/{id}", {path: {id}})`; a write that must not overwrite another's sends headers: {"If-Match": etag}.
export const get = <P extends Of<"get">>(pattern: P, options: Options = {}) => answer<Result<"get", P>>("GET", pattern, options);
export const post = <P extends Of<"post">>(pattern: P, body: Sent<"post", P>, options: Options = {}) =>
  answer<Result<"post", P>>("POST", pattern, options, body);
// A call that says all by its address.
export const postBare = <P extends Of<"post">>(pattern: P, options: Options = {}) => answer<Result<"post", P>>("POST", pattern, options);
export const put = <P extends Of<"put">>(pattern: P, body: Sent<"put", P>, options: Options = {}) =>
  answer<Result<"put", P>>("PUT", pattern, options, body);
export const remove = <P extends Of<"delete">>(pattern: P, options: Options = {}) => answer<Result<"delete", P>>("DELETE", pattern, options);

// A profile as it is read: the description of the answer lists only the members that are always there.
export type Profile = Result<"get", "/v1/profiles/{id}"> & Partial<Schemas["Profile"]>;
