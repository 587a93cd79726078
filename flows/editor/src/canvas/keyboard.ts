/** The keyboard: finds what a key means here, and does it. */

import { useEffect } from "react";
import { useEditor } from "../store";
import { canvasActions } from "./canvas_actions";
import { neighbour } from "./neighbours";
import { type Deed, deedOf } from "./shortcuts";
import { hasSingleKeys } from "./single_keys";

const STEP = 10;
const LARGE_STEP = 100;

/** Listens while the editor is shown. The console's own single keys stay out of it. */
export function useKeyboard(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || document.querySelector("dialog[open]")) return;
      const deed = deedOf(event, placeOf(event.target), hasSingleKeys());
      if (!deed || isNative(deed)) return;
      if (!perform(deed, event.shiftKey ? LARGE_STEP : STEP)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const copied = (event: ClipboardEvent) => {
      if (placeOf(event.target) === "text" || !document.getSelection()?.isCollapsed) return;
      const text = useEditor.getState().copy();
      if (!text) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") useEditor.getState().removeSelected();
    };
    const pasted = (event: ClipboardEvent) => {
      if (placeOf(event.target) === "text") return;
      useEditor.getState().paste(event.clipboardData?.getData("text/plain") ?? "");
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed, true);
    document.addEventListener("copy", copied);
    document.addEventListener("cut", copied);
    document.addEventListener("paste", pasted);
    return () => {
      window.removeEventListener("keydown", pressed, true);
      document.removeEventListener("copy", copied);
      document.removeEventListener("cut", copied);
      document.removeEventListener("paste", pasted);
    };
  }, []);
}

/** The browser turns these keys into clipboard events, which work on pages without https too. */
function isNative(deed: Deed): boolean {
  return deed === "copy" || deed === "cut" || deed === "paste";
}

function placeOf(target: EventTarget | null): "text" | "drawing" | "other" {
  // After a click on what takes no focus, the keyboard is with the page's body or its main part around the editor.
  if (!(target instanceof Element) || target.contains(document.querySelector(".fe-app"))) return "drawing";
  if (target.closest("input, textarea, select, [contenteditable]")) return "text";
  if (target.closest("button, a, summary, [role=tab]")) return "other";
  return target.closest(".fe-main") ? "drawing" : "other";
}

/** True when the deed was one; false leaves the key to the browser. */
function perform(deed: Deed, step: number): boolean {
  const state = useEditor.getState();
  const [first] = state.selection.length ? state.selection : [focused()];
  switch (deed) {
    case "find":
      state.setFinding(true);
      return true;
    case "help":
      state.setHelping(true);
      return true;
    case "save":
      void state.saveNow();
      return true;
    case "undo":
      state.undo();
      return true;
    case "redo":
      state.redo();
      return true;
    case "duplicate":
      state.duplicate();
      return true;
    case "all":
      state.select(Object.keys(state.document.nodes), { notes: (state.document.notes ?? []).map((n) => n.id) });
      return true;
    case "delete":
      return remove();
    case "open":
      return first ? opened(first, "label") : false;
    case "rename":
      return first ? opened(first, "label") : false;
    case "escape":
      return leave();
    case "add":
      choose();
      return true;
    case "note":
      canvasActions.addNote();
      return true;
    case "tidy":
      if (!state.readOnly) state.tidy();
      return true;
    case "fit":
      canvasActions.fit();
      return true;
    case "zoom_in":
      canvasActions.zoom("in");
      return true;
    case "zoom_out":
      canvasActions.zoom("out");
      return true;
    case "view":
      state.setView(state.view === "list" ? "canvas" : "list");
      return true;
    case "problem":
      return nextProblem();
    case "move_left":
      return move(-step, 0);
    case "move_right":
      return move(step, 0);
    case "move_up":
      return move(0, -step);
    case "move_down":
      return move(0, step);
    case "go_left":
      return go("left");
    case "go_right":
      return go("right");
    case "go_up":
      return go("up");
    case "go_down":
      return go("down");
    default:
      return false;
  }
}

/** The node whose card has the keyboard's focus, "" for none. */
function focused(): string {
  return document.activeElement?.closest<HTMLElement>(".react-flow__node-card")?.dataset.id ?? "";
}

function opened(node: string, field: string): boolean {
  useEditor.getState().focusField(node, field);
  return true;
}

function choose(): void {
  useEditor.getState().setChoosing({ place: canvasActions.freePlace(), screen: null });
}

function remove(): boolean {
  const state = useEditor.getState();
  const wires = canvasActions.chosenWires();
  if (!state.selection.length && !state.selectedNotes.length && !wires.length) return false;
  for (const { source, data } of wires) state.connect(source, data?.exit ?? "", "");
  state.removeSelected();
  return true;
}

function leave(): boolean {
  const state = useEditor.getState();
  if (state.choosing) state.setChoosing(null);
  else if (state.finding) state.setFinding(false);
  else if (state.selection.length || state.selectedNotes.length) state.select([]);
  else return false;
  return true;
}

function move(byX: number, byY: number): boolean {
  const { selection, selectedNotes, places, document: flow, moveNodes, readOnly, view } = useEditor.getState();
  if (readOnly || view === "list" || (!selection.length && !selectedNotes.length)) return false;
  const moved = selection.flatMap((name) => {
    const at = places[name];
    return at ? [[name, [at[0] + byX, at[1] + byY]] as const] : [];
  });
  const notes = (flow.notes ?? []).filter((note) => selectedNotes.includes(note.id));
  moveNodes(
    Object.fromEntries(moved),
    notes.map(({ id, x, y }) => ({ id, x: x + byX, y: y + byY })),
  );
  return true;
}

function go(direction: "left" | "right" | "up" | "down"): boolean {
  const { selection, places, document: flow, select, view } = useEditor.getState();
  if (view === "list") return false;
  const here = selection[0] || focused() || flow.start;
  const name = selection.length || focused() ? neighbour(places, Object.keys(flow.nodes), here, direction) : here;
  if (!name) return true;
  select([name], { reveal: true });
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(name)}"]`)?.focus(),
  );
  return true;
}

let problemAt = -1;

function nextProblem(): boolean {
  const { check, focusField } = useEditor.getState();
  const problems = check?.problems ?? [];
  if (!problems.length) return false;
  problemAt = (problemAt + 1) % problems.length;
  const problem = problems[problemAt];
  if (problem) focusField(problem.node, problem.field);
  return true;
}
