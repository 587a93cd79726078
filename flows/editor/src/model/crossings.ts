/** How often wires cross in a drawing. */

import type { Size } from "./layout";
import type { Places } from "./operations";
import type { FlowDocument } from "./types";

type Wire = readonly [number, number, number, number];

/** Crossings of the wires between rows, taken as straight lines from exit to card. Exits stand in their order along
 * the lower edge of the card. Wires that lead up, or far, cross things in any drawing and do not count. */
export function crossings(
  document: FlowDocument,
  places: Places,
  sizeOf: (name: string) => Size,
  farthest: number,
): number {
  const wires: Wire[] = [];
  for (const [name, [x, y]] of Object.entries(places)) {
    const exits = Object.values(document.nodes[name]?.exits ?? {});
    const { width, height } = sizeOf(name);
    exits.forEach((target, at) => {
      const to = places[target];
      if (!to || to[1] <= y || to[1] - y > farthest) return;
      wires.push([x + (width * (at + 1)) / (exits.length + 1), y + height, to[0] + sizeOf(target).width / 2, to[1]]);
    });
  }
  wires.sort((one, other) => one[1] - other[1]);
  return wires.reduce((count, wire, at) => count + crossed(wires, at, wire), 0);
}

/** How many of the later wires cross this one. */
function crossed(wires: readonly Wire[], from: number, [x, y, left, top]: Wire): number {
  let count = 0;
  for (let at = from + 1; at < wires.length; at += 1) {
    const other = wires[at];
    if (!other || other[1] >= top) break;
    if (Math.abs(other[1] - y) < 1 && (other[0] - x) * (other[2] - left) < 0) count += 1;
  }
  return count;
}
