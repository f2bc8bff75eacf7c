// Where the reader is: the part of the address behind `#`, for a file has no other.
import { store } from "../../store";

const read = () => location.hash.replace(/^#/, "") || "/";
export const place = store<string>(read());
addEventListener("hashchange", () => place.set(read()));

export const isThere = (href: string): boolean => href.startsWith("#");
export const go = (href: string): void => void (location.hash = href);
export const withQuery = (): string => "";
