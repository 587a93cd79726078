/** What nodes and exits are called on the panels. */

import type { Check, FlowDocument } from "../model/types";

/** A node's label, or its name. */
export function nodeTitle(document: FlowDocument, node: string): string {
  return document.nodes[node]?.label || node;
}

/** What people call an exit: a choice's label, a word of the check, or the exit's own name. */
export function exitTitle(check: Check | null, node: string, exit: string): string {
  return check?.exits[node]?.find((known) => known.name === exit)?.word || exit;
}

/** The phone page with a number typed in. */
export function phoneUrl(phone: string, number: string): string {
  const [path = "", query = ""] = phone.split("?");
  const wanted = new URLSearchParams(query);
  wanted.set("number", number);
  return `${path}?${wanted}`;
}
