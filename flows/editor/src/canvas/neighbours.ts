/** The next node in a direction, for going through the drawing with the keyboard. */

import type { Places } from "../model/operations";

export type Direction = "left" | "right" | "up" | "down";

const AXIS: Readonly<Record<Direction, readonly [0 | 1, 1 | -1]>> = {
  left: [0, -1],
  right: [0, 1],
  up: [1, -1],
  down: [1, 1],
};

/** The nearest node that lies in the direction, "" when there is none. What lies aside counts as farther away. */
export function neighbour(places: Places, names: readonly string[], from: string, direction: Direction): string {
  const here = places[from];
  if (!here) return "";
  const [axis, sign] = AXIS[direction];
  const other = axis === 0 ? 1 : 0;
  let best = "";
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const there = places[name];
    if (!there || name === from) continue;
    const along = (there[axis] - here[axis]) * sign;
    const aside = Math.abs(there[other] - here[other]);
    const distance = along + 2 * aside;
    if (along > 4 && distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}
