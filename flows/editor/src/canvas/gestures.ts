/** What hands do in the drawing, told to the store. */

import type { Connection, FinalConnectionState } from "@xyflow/react";
import { useEditor } from "../store";
import { canvasActions } from "./canvas_actions";
import { NOTE_PREFIX, type Part, type Wire } from "./flow_parts";

export function dragStopped(_event: unknown, _node: Part, moved: readonly Part[]): void {
  placed(moved);
}

export function selectionStopped(_event: unknown, moved: readonly Part[]): void {
  placed(moved);
}

export function openForm(_event: unknown, node: Part): void {
  if (node.type === "card") useEditor.getState().focusField(node.id, "");
}

/** What React Flow reports as (de)selected goes to the store. */
export function chosen(choices: readonly (readonly [string, boolean])[]): void {
  const state = useEditor.getState();
  const names = new Set([...state.selection, ...state.selectedNotes.map((id) => NOTE_PREFIX + id)]);
  for (const [id, selected] of choices) {
    if (selected) names.add(id);
    else names.delete(id);
  }
  const all = [...names];
  state.select(
    all.filter((id) => !id.startsWith(NOTE_PREFIX)),
    { notes: all.filter((id) => id.startsWith(NOTE_PREFIX)).map((id) => id.slice(NOTE_PREFIX.length)) },
  );
}

function placed(moved: readonly Part[]): void {
  const places: Record<string, [number, number]> = {};
  const notes: { id: string; x: number; y: number }[] = [];
  for (const { id, position } of moved) {
    const [x, y] = [Math.round(position.x), Math.round(position.y)];
    if (id.startsWith(NOTE_PREFIX)) notes.push({ id: id.slice(NOTE_PREFIX.length), x, y });
    else places[id] = [x, y];
  }
  useEditor.getState().moveNodes(places, notes);
}

export function wire(connection: Connection): void {
  const { source, sourceHandle, target } = connection;
  if (sourceHandle) useEditor.getState().connect(source, sourceHandle, target);
}

export function rewire(old: Wire, next: Connection): void {
  const state = useEditor.getState();
  const exit = old.data?.exit ?? "";
  if (next.source === old.source && next.sourceHandle === exit) state.connect(old.source, exit, next.target);
  else if (next.sourceHandle) state.moveWire(old.source, exit, next.source, next.sourceHandle, next.target);
}

export function cut(wires: readonly Wire[]): void {
  for (const { source, data } of wires) useEditor.getState().connect(source, data?.exit ?? "", "");
}

/** A wire let go: over a card it leads there, over empty canvas the palette opens at that spot. */
export function dropped(event: MouseEvent | TouchEvent, connection: FinalConnectionState): void {
  const exit = connection.fromHandle?.id;
  if (connection.isValid || !connection.fromNode || !exit || connection.fromHandle?.type !== "source") return;
  const node = connection.fromNode.id;
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!point) return;
  const under = document.elementFromPoint(point.clientX, point.clientY);
  const card = under?.closest<HTMLElement>(".react-flow__node-card");
  if (card?.dataset.id) useEditor.getState().connect(node, exit, card.dataset.id);
  else if (under?.closest(".react-flow__pane")) canvasActions.choose(point.clientX, point.clientY, { node, exit });
}
