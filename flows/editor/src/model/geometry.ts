/** How large a card is and where its exits sit. Fixed by the node alone, so that nothing waits for the browser to
 * measure: wires to cards that are not on the screen can be drawn, and the layout is the same on every machine. */

import type { Exit } from "./types";

export const CARD_WIDTH = 224;
export const HEAD_HEIGHT = 46;
export const WORDS_HEIGHT = 38;
export const PORTS_HEIGHT = 26;

const LONGEST_WORD = 16;
const COLUMN = 6.3;
const GAP = 4;
const EDGE = 8;

/** An exit's label on the lower edge: `x` is where it begins, relative to the card. */
export interface Port {
  readonly exit: Exit;
  readonly text: string;
  readonly x: number;
  readonly width: number;
}

export interface Card {
  readonly width: number;
  readonly height: number;
  readonly ports: readonly Port[];
}

/** The card of a node with these exits, in canvas units. */
export function cardOf(exits: readonly Exit[]): Card {
  const labels = exits.map((exit) => shorten(exit.word, LONGEST_WORD));
  const widths = labels.map((label) => Math.max(38, Math.round(columnsOf(label) * COLUMN) + 16));
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, exits.length - 1);
  const width = Math.max(CARD_WIDTH, total + 2 * EDGE);
  let x = (width - total) / 2;
  const ports = exits.map((exit, place) => {
    const port = { exit, text: labels[place] ?? "", x, width: widths[place] ?? 0 };
    x += port.width + GAP;
    return port;
  });
  return { width, height: HEAD_HEIGHT + WORDS_HEIGHT + (exits.length ? PORTS_HEIGHT : 4), ports };
}

/** The text cut to so many columns; Chinese, Japanese and Korean characters take two. */
export function shorten(text: string, columns: number): string {
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) return `${kept.slice(0, -1)}…`;
    kept += character;
  }
  return kept;
}

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
