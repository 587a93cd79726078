/** Moments at which a call is tried: wall-clock times in the flow's own zone, and what they are in UTC. */

import type { FlowDocument } from "../model/types";

/** A wall-clock time as `<input type="datetime-local">` writes it: 2026-12-31T12:00. */
export type LocalTime = string;

/** A time to try with one click. `at` is ISO 8601 with the zone's offset, "" for the present moment. */
export interface Preset {
  key: "now" | "sunday" | "monday" | "year_end" | "new_year";
  at: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The zone that the flow's own clock uses: that of its opening hours, else of another node, else `otherwise`. */
export function flowZone(document: FlowDocument, otherwise: string): string {
  const nodes = Object.values(document.nodes);
  const ordered = [...nodes.filter((node) => node.type === "business_hours"), ...nodes];
  for (const node of ordered) {
    if (typeof node.zone === "string" && isZone(node.zone)) return node.zone;
  }
  return otherwise;
}

/** Whether this browser knows the IANA zone. */
export function isZone(zone: string): boolean {
  if (!zone) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The wall-clock time in a zone, to the minute; "" when the moment cannot be read. One without offset is local. */
export function localOf(at: string, zone: string): LocalTime {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(at)) return at.slice(0, 16);
  const moment = new Date(at);
  if (!at || Number.isNaN(moment.getTime())) return "";
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The moment of a wall-clock time in a zone, ISO 8601 with its offset; "" when it cannot be read.
 *
 * A time that summer time skips is moved on by the hour that was skipped, as clocks do.
 */
export function momentOf(local: LocalTime, zone: string): string {
  const wanted = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) ? Date.parse(`${local}:00Z`) : Number.NaN;
  if (Number.isNaN(wanted)) return "";
  let moment = wanted - offsetMs(wanted, zone);
  moment = wanted - offsetMs(moment, zone);
  const offset = Math.round(offsetMs(moment, zone) / MINUTE_MS);
  return new Date(moment + offset * MINUTE_MS).toISOString().slice(0, 19) + offsetWord(offset);
}

/** Minutes east of UTC as ISO 8601 writes them: +08:00. */
function offsetWord(minutes: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

/** Whether two texts name the same moment; two empty ones do. */
export function sameMoment(one: string, other: string): boolean {
  return one === other || Date.parse(one) === Date.parse(other);
}

function offsetMs(at: number, zone: string): number {
  const local = localOf(new Date(at).toISOString(), zone);
  return Date.parse(`${local}:00Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Times that flows tend to get wrong, ahead of `now`: a night, a working morning, the turn of the year. */
export function presets(now: Date, zone: string): Preset[] {
  const today = localOf(now.toISOString(), zone).slice(0, 10);
  const year = today.slice(0, 4);
  return [
    { key: "now", at: "" },
    { key: "monday", at: momentOf(`${nextWeekday(today, 1)}T10:00`, zone) },
    { key: "sunday", at: momentOf(`${nextWeekday(today, 0)}T03:00`, zone) },
    { key: "year_end", at: momentOf(`${year}-12-31T12:00`, zone) },
    { key: "new_year", at: momentOf(`${Number(year) + 1}-01-01T09:00`, zone) },
  ];
}

/** The next day with a weekday, 0 is Sunday; a week ahead when it is today. */
function nextWeekday(day: string, weekday: number): string {
  const start = new Date(`${day}T00:00:00Z`);
  const ahead = (weekday - start.getUTCDay() + 7) % 7 || 7;
  return new Date(start.getTime() + ahead * DAY_MS).toISOString().slice(0, 10);
}

/** A moment for people, in a zone and a language: "Sun 29 Nov 2026, 03:00". "" when it cannot be read. */
export function spokenTime(at: string, zone: string, language: "en" | "zh"): string {
  const moment = new Date(at);
  if (!at || Number.isNaN(moment.getTime())) return "";
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    ...(zone ? { timeZone: zone } : {}),
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(moment);
}
