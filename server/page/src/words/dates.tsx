// Days and times as words of the reader's language; the month is a word, so that 3/4 is never two days.
import { locale } from "./say";

const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const dayText = (when: string | number): string => {
  // A day without a time is the same day everywhere.
  const bare = typeof when === "string" && /^\d{4}-\d{2}-\d{2}$/.test(when);
  return new Intl.DateTimeFormat(locale(), bare ? { ...DAY, timeZone: "UTC" } : DAY).format(new Date(when));
};
export const longDayText = (when: number): string =>
  new Intl.DateTimeFormat(locale(), { ...DAY, month: "long", weekday: "long" }).format(new Date(when));
export const clockText = (when: number): string => new Intl.DateTimeFormat(locale(), CLOCK).format(new Date(when));
export const momentText = (when: string): string => new Intl.DateTimeFormat(locale(), { ...DAY, ...CLOCK }).format(new Date(when));

export const Day = ({ when }: { when: string }) => <time dateTime={when}>{dayText(when)}</time>;
export const Moment = ({ when }: { when: string }) => <time dateTime={when}>{momentText(when)}</time>;
