/** The panels beside the canvas, in the order of their tabs, with their words in English. */

import type { Panel } from "../store/state";

export const PANELS: readonly { readonly key: Panel; readonly word: string }[] = [
  { key: "node", word: "Node" },
  { key: "flow", word: "Flow" },
  { key: "problems", word: "Problems" },
  { key: "try", word: "Try" },
  { key: "tests", word: "Tests" },
  { key: "replay", word: "Replay" },
  { key: "heat", word: "Heat" },
  { key: "versions", word: "Versions" },
  { key: "publish", word: "Publish" },
];
