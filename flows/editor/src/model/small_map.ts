/** The small map of a flow: every card as a box in one path, and how its points lie in the drawing. */

import type { Size } from "./layout";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One path for all boxes, so that hundreds of cards are one thing to draw. */
export function boxesPath(boxes: readonly Box[]): string {
  return boxes.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`).join("");
}

/** The box around all of them, null for none. */
export function around(boxes: readonly Box[]): Box | null {
  if (!boxes.length) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** What the map shows: both boxes with room around, in the proportions of the map, so that lengths are true. */
export function mapView(one: Box, other: Box, map: Size): Box {
  const whole = around([one, other]) ?? one;
  const scale = Math.max(whole.width / map.width, whole.height / map.height, 0.01) * 1.1;
  const [width, height] = [map.width * scale, map.height * scale];
  return {
    x: whole.x + whole.width / 2 - width / 2,
    y: whole.y + whole.height / 2 - height / 2,
    width,
    height,
  };
}
