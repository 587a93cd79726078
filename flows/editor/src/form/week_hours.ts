/** Weekly opening hours: periods like "08:00-21:00" by day or group of days. */

import { asObject } from "./plain";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const GROUPS = ["every_day", "weekdays", "weekend"] as const;
export type Day = (typeof DAYS)[number];
export type DayKey = Day | (typeof GROUPS)[number];
export type Hours = Partial<Record<DayKey, string[]>>;

const PERIOD = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** The hours of a document; what is no list of texts is left out. */
export function readHours(value: unknown): Hours {
  const found: Hours = {};
  for (const key of [...GROUPS, ...DAYS]) {
    const periods = asObject(value)[key];
    if (Array.isArray(periods)) found[key] = periods.map(String);
  }
  return found;
}

/** Whether a period can be read: from and to, 24-hour clock; an end at or before the start is on the next day. */
export function isPeriod(text: string): boolean {
  return PERIOD.test(text);
}

/** The two ends of a period, "" where it has none. */
export function ends(period: string): [string, string] {
  const [from = "", to = ""] = period.split("-");
  return [from, to];
}

/** The key whose periods hold on a day: the day's own, else its group's, else every_day; null when none does. */
export function ruling(hours: Hours, day: Day): DayKey | null {
  const group = DAYS.indexOf(day) < 5 ? "weekdays" : "weekend";
  return ([day, group, "every_day"] as const).find((key) => hours[key] !== undefined) ?? null;
}

/** The periods that begin on a day. */
export function periodsOn(hours: Hours, day: Day): string[] {
  const key = ruling(hours, day);
  return key ? (hours[key] ?? []) : [];
}

/** The period as parts of its day, from 0 to 1 each, for a bar; what runs over midnight ends at 1. */
export function span(period: string): { from: number; to: number } | null {
  if (!isPeriod(period)) return null;
  const [from, to] = ends(period).map((clock) => Number(clock.slice(0, 2)) / 24 + Number(clock.slice(3)) / 1440);
  if (from === undefined || to === undefined) return null;
  return { from, to: to <= from ? 1 : to };
}

/** The hours with other periods for a key; null takes the key out. */
export function withPeriods(hours: Hours, key: DayKey, periods: string[] | null): Hours {
  const changed = { ...hours };
  if (periods === null) delete changed[key];
  else changed[key] = periods;
  return changed;
}
