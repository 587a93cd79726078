/** What of the drawing is seen when it is opened. */

import type { Viewport } from "@xyflow/react";
import type { Size } from "../model/layout";
import type { Places } from "../model/operations";

const PADDING = 40;
const LEGIBLE = 0.6;
const READING = 0.85;

/** All of it when it can be read at that size, else the start of the flow at the top, large enough to read.
 *
 * @param window_ the size of what is seen, in pixels.
 */
export function openingView(
  places: Places,
  sizeOf: (name: string) => Size,
  names: readonly string[],
  start: string,
  window_: Size,
): Viewport {
  const boxes = names.flatMap((name) => {
    const at = places[name];
    return at ? [{ name, x: at[0], y: at[1], ...sizeOf(name) }] : [];
  });
  const first = boxes.find(({ name }) => name === start) ?? boxes[0];
  if (!first) return { x: window_.width / 2, y: window_.height / 3, zoom: 1 };
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  const fitting = Math.min((window_.width - 2 * PADDING) / width, (window_.height - 2 * PADDING) / height);
  if (fitting >= LEGIBLE) {
    const zoom = Math.min(1, fitting);
    return {
      x: window_.width / 2 - (left + width / 2) * zoom,
      y: Math.max(PADDING, window_.height / 2 - (height * zoom) / 2) - top * zoom,
      zoom,
    };
  }
  const zoom = window_.width < 500 ? LEGIBLE : READING;
  return { x: window_.width / 2 - (first.x + first.width / 2) * zoom, y: PADDING - first.y * zoom, zoom };
}
