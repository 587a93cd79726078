/** The sizes of cards as the document, the last check and the node types give them. */

import { exitsOf } from "../model/exits";
import { type Card, cardOf } from "../model/geometry";
import type { Size } from "../model/layout";
import type { Check, Exit, FlowDocument, NodeData, NodeType, Types } from "../model/types";

const KINDS = new WeakMap<Types, Map<string, NodeType>>();
const CARDS = new WeakMap<readonly Exit[], Card>();
const EXITS = new WeakMap<NodeData, { known: readonly Exit[] | undefined; exits: readonly Exit[] }>();

/** A node type by its key. */
export function kindOf(types: Types, type: string): NodeType | undefined {
  let kinds = KINDS.get(types);
  if (!kinds) {
    kinds = new Map(types.types.map((one) => [one.type, one]));
    KINDS.set(types, kinds);
  }
  return kinds.get(type);
}

/** The exits of a node; the same list as long as nothing about them changed. */
export function exitsIn(name: string, node: NodeData, check: Check | null, types: Types): readonly Exit[] {
  const known = check?.exits[name];
  const kept = EXITS.get(node);
  if (kept && kept.known === known) return kept.exits;
  const exits = exitsOf(name, node, check, kindOf(types, node.type));
  EXITS.set(node, { known, exits });
  return exits;
}

/** The card that has these exits. */
export function cardFor(exits: readonly Exit[]): Card {
  let card = CARDS.get(exits);
  if (!card) {
    card = cardOf(exits);
    CARDS.set(exits, card);
  }
  return card;
}

/** How large each card of the document is. */
export function sizeIn(document: FlowDocument, check: Check | null, types: Types): (name: string) => Size {
  return (name) => {
    const node = document.nodes[name];
    return cardFor(node ? exitsIn(name, node, check, types) : []);
  };
}
