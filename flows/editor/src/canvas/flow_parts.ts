/** The document as React Flow's nodes and edges. What did not change stays the same object, so that it is not drawn
 * anew. Selected wires are React Flow's own; selected nodes are the store's. */

import type { Edge, Node, NodeHandle } from "@xyflow/react";
import { Position } from "@xyflow/react";
import { PORTS_HEIGHT } from "../model/geometry";
import { NOTE_HEIGHT, NOTE_WIDTH } from "../model/notes";
import type { FlowDocument, Note } from "../model/types";
import { cardFor, exitsIn, kindOf } from "../store/sizes";
import type { EditorValues } from "../store/state";
import { inLanguage, t } from "../words";

export type CardNode = Node<Record<string, never>, "card">;
export type NoteNode = Node<{ note: Note }, "note">;
export type Part = CardNode | NoteNode;
export type Wire = Edge<{ exit: string }, "wire">;

export const NOTE_PREFIX = "note:";
const NO_DATA: Record<string, never> = {};
const HANDLES = new WeakMap<object, NodeHandle[]>();

type Seen = Pick<EditorValues, "document" | "check" | "types" | "places" | "selection" | "selectedNotes" | "readOnly">;

/** Cards and notes; `before` is what was drawn last. Their sizes are
 * known beforehand, so that nothing waits for the browser to measure. */
export function partsOf(seen: Seen, before: readonly Part[]): Part[] {
  const old = new Map(before.map((part) => [part.id, part]));
  const selected = new Set(seen.selection);
  const notes = (seen.document.notes ?? []).map((note) => noteNode(note, seen, old.get(NOTE_PREFIX + note.id)));
  const cards = Object.keys(seen.document.nodes).map((name) => cardNode(name, seen, selected.has(name), old.get(name)));
  const parts = [...notes, ...cards];
  return parts.length === before.length && parts.every((part, place) => part === before[place])
    ? (before as Part[])
    : parts;
}

function cardNode(name: string, seen: Seen, selected: boolean, old: Part | undefined): Part {
  const data = seen.document.nodes[name] ?? { type: "" };
  const card = cardFor(exitsIn(name, data, seen.check, seen.types));
  const [x, y] = seen.places[name] ?? [0, 0];
  const handles = handlesOf(card);
  const kind = inLanguage(kindOf(seen.types, data.type)?.title) || data.type;
  const ariaLabel = data.label ? `${data.label}, ${name}, ${kind}` : `${name}, ${kind}`;
  const same =
    old?.type === "card" &&
    old.position.x === x &&
    old.position.y === y &&
    Boolean(old.selected) === selected &&
    old.handles === handles &&
    old.ariaLabel === ariaLabel;
  if (same) return old;
  const { width, height } = card;
  return {
    id: name,
    type: "card",
    data: NO_DATA,
    position: { x, y },
    selected,
    handles,
    ariaLabel,
    measured: { width, height },
  };
}

function noteNode(note: Note, seen: Seen, old: Part | undefined): Part {
  const selected = seen.selectedNotes.includes(note.id);
  if (old?.type === "note" && old.data.note === note && Boolean(old.selected) === selected) return old;
  return {
    id: NOTE_PREFIX + note.id,
    type: "note",
    data: { note },
    position: { x: note.x, y: note.y },
    width: note.width ?? NOTE_WIDTH,
    height: note.height ?? NOTE_HEIGHT,
    selected,
    zIndex: -1,
    connectable: false,
    ariaLabel: t("Note: {text}", { text: note.text || t("empty") }),
    measured: { width: note.width ?? NOTE_WIDTH, height: note.height ?? NOTE_HEIGHT },
  };
}

function handlesOf(card: ReturnType<typeof cardFor>): NodeHandle[] {
  let handles = HANDLES.get(card);
  if (!handles) {
    const target: NodeHandle = {
      type: "target",
      position: Position.Top,
      x: card.width / 2 - 14,
      y: 0,
      width: 28,
      height: 12,
    };
    const sources = card.ports.map((port): NodeHandle => ({
      id: port.exit.name,
      type: "source",
      position: Position.Bottom,
      x: port.x,
      y: card.height - PORTS_HEIGHT,
      width: port.width,
      height: PORTS_HEIGHT,
    }));
    handles = [target, ...sources];
    HANDLES.set(card, handles);
  }
  return handles;
}

/** Wires of the exits that lead to a node of the document; `before` is what was drawn last. */
export function wiresOf(document: FlowDocument, seen: Pick<Seen, "check" | "types">, before: readonly Wire[]): Wire[] {
  const old = new Map(before.map((wire) => [wire.id, wire]));
  const wires: Wire[] = [];
  for (const [source, data] of Object.entries(document.nodes)) {
    if (!data.exits) continue;
    for (const exit of exitsIn(source, data, seen.check, seen.types)) {
      const target = data.exits[exit.name];
      if (!target || !Object.hasOwn(document.nodes, target)) continue;
      const id = `${source} ${exit.name}`;
      const ariaLabel = t("From {source} by {exit} to {target}", { source, exit: exit.word, target });
      const kept = old.get(id);
      wires.push(
        kept?.target === target && kept.ariaLabel === ariaLabel
          ? kept
          : { id, source, target, sourceHandle: exit.name, type: "wire", data: { exit: exit.name }, ariaLabel },
      );
    }
  }
  return wires.length === before.length && wires.every((wire, place) => wire === before[place])
    ? (before as Wire[])
    : wires;
}
