/** The exits of a node as the canvas and the list show them. */

import type { Check, Exit, NodeData, NodeType } from "./types";

/** A node's exits: as the desk knows them, else as its type says, else as it is wired; wires of exits that are no
 * more come last, so that they can be seen and taken away. */
export function exitsOf(
  name: string,
  node: NodeData,
  check: Check | null,
  type: NodeType | undefined,
): readonly Exit[] {
  const known = check?.exits[name];
  const wired = Object.keys(node.exits ?? {});
  const base = known ?? (type?.exits ?? []).map((exit) => ({ name: exit, word: spaced(exit), required: true }));
  const missing = wired.filter((exit) => !base.some((one) => one.name === exit));
  if (!missing.length) return base;
  return [...base, ...missing.map((exit) => ({ name: exit, word: spaced(exit), required: false }))];
}

/** The exits that must lead somewhere and do not. */
export function unwired(node: NodeData, exits: readonly Exit[]): readonly Exit[] {
  return exits.filter((exit) => exit.required && !node.exits?.[exit.name]);
}

function spaced(name: string): string {
  return name.replaceAll("_", " ");
}
