/** Places within plain data: ["choices", 0, "label"] in code, "choices.0.label" in problems. */

import { getIn, type Path, setIn } from "../model/paths";
import type { Problem } from "../model/types";

export type { Path };

/** The path as problems write it. */
export function dotted(path: Path): string {
  return path.join(".");
}

/** The value at a path, undefined when there is none. */
export function at(data: unknown, path: Path): unknown {
  return getIn(data, path);
}

/** The data with another value at a path; undefined takes it out. Objects on the way are made. */
export function put<T>(data: T, path: Path, value: unknown): T {
  return setIn(data, path, value) as T;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The object, or {} for anything else. */
export function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** The list, or [] for anything else. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or "" for anything else. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * The problems that are shown at a place: those of the place itself, and those below it that no part of the place
 * shows. `parts` are the segments that have a place of their own in the form; none when the place is one control.
 */
export function problemsAt(problems: readonly Problem[], path: string, parts: readonly string[] = []): Problem[] {
  return problems.filter(({ field }) => {
    if (field === path) return true;
    const below = path === "" ? field : field.startsWith(`${path}.`) ? field.slice(path.length + 1) : null;
    return below !== null && !parts.includes(below.split(".")[0] ?? "");
  });
}

/** How many problems are at a place or below it. */
export function countBelow(problems: readonly Problem[], path: string): number {
  return problems.filter(({ field }) => field === path || field.startsWith(`${path}.`)).length;
}

/** The longest of the places that is the field or lies on the way to it; "" when none does. */
export function nearest(field: string, places: readonly string[]): string {
  const fitting = places.filter((place) => place !== "" && (field === place || field.startsWith(`${place}.`)));
  return fitting.reduce((best, place) => (place.length > best.length ? place : best), "");
}

/** The list with an item moved by `by` places; the same list when it cannot move. */
export function moved<T>(items: readonly T[], index: number, by: number): readonly T[] {
  const target = index + by;
  if (target < 0 || target >= items.length) return items;
  const copy = [...items];
  const [item] = copy.splice(index, 1);
  copy.splice(target, 0, item as T);
  return copy;
}
