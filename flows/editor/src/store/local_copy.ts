/** The copy of an unsent draft on this device. */

import type { FlowDocument } from "../model/types";

export interface LocalCopy {
  readonly document: FlowDocument;
  /** What the document grew from, and its revision. */
  readonly base: FlowDocument;
  readonly revision: number;
  /** Number of the published version that the document grew from; a copy of an earlier editor does not say it. */
  readonly grewFrom?: number;
}

/** Keeps the copy; a browser that has no room for it, or does not let us, keeps nothing. */
export function keep(flow: string, copy: LocalCopy): void {
  try {
    localStorage.setItem(keyOf(flow), JSON.stringify(copy));
  } catch {
    forget(flow);
  }
}

/** The copy goes. */
export function forget(flow: string): void {
  try {
    localStorage.removeItem(keyOf(flow));
  } catch {
    // A browser that does not let us remove it did not let us keep it.
  }
}

/** The copy of a flow, null when there is none. */
export function kept(flow: string): LocalCopy | null {
  try {
    return read(localStorage.getItem(keyOf(flow)));
  } catch {
    return null;
  }
}

/** A kept text as a copy, null when it is none. Raises SyntaxError when it is not JSON. */
function read(text: string | null): LocalCopy | null {
  const data: unknown = text ? JSON.parse(text) : null;
  return isCopy(data) ? data : null;
}

function isCopy(data: unknown): data is LocalCopy {
  if (typeof data !== "object" || data === null || !("document" in data && "base" in data && "revision" in data))
    return false;
  return [data.document, data.base].every((one) => typeof one === "object" && one !== null && "nodes" in one);
}

function keyOf(flow: string): string {
  return `ringback.flow.${flow}`;
}
