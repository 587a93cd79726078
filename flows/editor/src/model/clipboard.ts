/** Nodes and notes as text for the clipboard, so that they travel between flows, tabs and people. */

import { freeName, isNodeName, type Place } from "./operations";
import type { FlowDocument, NodeData, Note } from "./types";

const MARK = "ringback-flow-nodes";
const LONGEST = 5_000_000;

export interface Clip {
  readonly nodes: Readonly<Record<string, NodeData>>;
  readonly layout: Readonly<Record<string, Place>>;
  readonly notes: readonly Note[];
}

/** The named nodes and notes of a document, with the places they are drawn at. */
export function clipOf(
  document: FlowDocument,
  names: readonly string[],
  noteIds: readonly string[],
  places: Readonly<Record<string, Place>>,
): Clip {
  const kept = Object.keys(document.nodes).filter((name) => names.includes(name));
  return {
    nodes: Object.fromEntries(kept.map((name) => [name, document.nodes[name] as NodeData])),
    layout: Object.fromEntries(kept.flatMap((name) => (places[name] ? [[name, places[name]]] : []))),
    notes: (document.notes ?? []).filter((note) => noteIds.includes(note.id)),
  };
}

/** The clip as text. */
export function written(clip: Clip): string {
  return JSON.stringify({ ringback: MARK, ...clip }, null, 1);
}

/** The clip that a text holds, null when it is something else. */
export function read(text: string): Clip | null {
  if (text.length > LONGEST || !text.includes(MARK)) return null;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(data) || data.ringback !== MARK || !isRecord(data.nodes)) return null;
  const nodes = Object.entries(data.nodes).filter(
    (entry): entry is [string, NodeData] => isNodeName(entry[0]) && isNode(entry[1]),
  );
  return {
    nodes: Object.fromEntries(nodes),
    layout: isRecord(data.layout) ? placesIn(data.layout) : {},
    notes: Array.isArray(data.notes) ? data.notes.filter(isNote) : [],
  };
}

export interface Pasted {
  readonly document: FlowDocument;
  readonly names: readonly string[];
  readonly noteIds: readonly string[];
}

/** The clip put into a document, moved by `shift`. Names are made unique; wires between the pasted nodes are kept,
 * those that led elsewhere are not. */
export function pasteInto(document: FlowDocument, clip: Clip, shift: Place): Pasted {
  const taken = new Set(Object.keys(document.nodes));
  const names = new Map<string, string>();
  for (const name of Object.keys(clip.nodes)) {
    const free = freeName(name, taken);
    taken.add(free);
    names.set(name, free);
  }
  const nodes = { ...document.nodes };
  const layout = { ...document.layout };
  for (const [name, data] of Object.entries(clip.nodes)) {
    const key = names.get(name) ?? name;
    const inner = Object.entries(data.exits ?? {}).flatMap(([exit, to]) =>
      names.has(to) ? [[exit, names.get(to)]] : [],
    );
    nodes[key] = { ...structuredClone(data), ...(data.exits ? { exits: Object.fromEntries(inner) } : {}) };
    const at = clip.layout[name];
    if (at) layout[key] = [Math.round(at[0] + shift[0]), Math.round(at[1] + shift[1])];
  }
  const notes = pastedNotes(document.notes ?? [], clip.notes, shift);
  const next: FlowDocument = { ...document, nodes, layout };
  if (!Object.hasOwn(document.nodes, document.start)) next.start = [...names.values()][0] ?? document.start;
  if (notes.length) next.notes = [...(document.notes ?? []), ...notes];
  return { document: next, names: [...names.values()], noteIds: notes.map((note) => note.id) };
}

function pastedNotes(there: readonly Note[], notes: readonly Note[], shift: Place): Note[] {
  const taken = new Set(there.map((note) => note.id));
  return notes.map((note) => {
    const id = freeName(note.id, taken);
    taken.add(id);
    return { ...note, id, x: note.x + shift[0], y: note.y + shift[1] };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNode(value: unknown): value is NodeData {
  return isRecord(value) && typeof value.type === "string" && (value.exits === undefined || isWiring(value.exits));
}

function isWiring(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((target) => typeof target === "string");
}

function isNote(value: unknown): value is Note {
  return (
    isRecord(value) && typeof value.id === "string" && typeof value.text === "string" && isPlace([value.x, value.y])
  );
}

function isPlace(value: unknown): value is Place {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));
}

function placesIn(layout: Record<string, unknown>): Record<string, Place> {
  return Object.fromEntries(Object.entries(layout).filter((entry): entry is [string, Place] => isPlace(entry[1])));
}
