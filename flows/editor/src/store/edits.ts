/** Changes of the document, each one undo step. */

import { cardOf } from "../model/geometry";
import { back, forward, remember, type Travel } from "../model/history";
import { placesFor, tidied } from "../model/layout";
import { addNote, changeNote, removeNotes } from "../model/notes";
import * as operations from "../model/operations";
import type { FlowDocument } from "../model/types";
import { inLanguage, t } from "../words";
import { kindOf, sizeIn } from "./sizes";
import type { EditorActions, EditorValues, Get, Put } from "./state";

type Edits =
  | "change"
  | "setField"
  | "setSetting"
  | "addNode"
  | "renameNode"
  | "removeNodes"
  | "removeSelected"
  | "connect"
  | "moveWire"
  | "moveNodes"
  | "shiftNode"
  | "tidy"
  | "addNote"
  | "changeNote"
  | "undo"
  | "redo";

/** What follows from another document: places for its nodes, and a selection that still exists. */
export function withDocument(state: EditorValues, document: FlowDocument): Partial<EditorValues> {
  const selection = state.selection.filter((name) => Object.hasOwn(document.nodes, name));
  const notes = new Set((document.notes ?? []).map((note) => note.id));
  const selectedNotes = state.selectedNotes.filter((id) => notes.has(id));
  const places = placesFor(document, state.found, sizeIn(document, state.check, state.types));
  return {
    document,
    places,
    found: { ...places, ...state.found },
    ...(selection.length === state.selection.length ? {} : { selection }),
    ...(selectedNotes.length === state.selectedNotes.length ? {} : { selectedNotes }),
    promptLanguage: document.languages?.includes(state.promptLanguage)
      ? state.promptLanguage
      : (document.languages?.[0] ?? ""),
  };
}

/** The document with every node's place written into it, so that moving one leaves the others where they are. */
export function pinned(state: EditorValues, document: FlowDocument): FlowDocument {
  return operations.moveNodes(document, { ...state.places, ...document.layout });
}

export function editActions(get: Get, put: Put): Pick<EditorActions, Edits> {
  const change: EditorActions["change"] = (label, recipe, mergeKey = "") => {
    const state = get();
    if (state.readOnly) return;
    const document = recipe(state.document);
    if (document === state.document) return;
    const history = remember(state.history, state.document, label, mergeKey, Date.now());
    put({ ...withDocument(state, document), history, canUndo: true, canRedo: false });
  };
  const travel = (to: Travel | null, told: string) => {
    if (!to || get().readOnly) return;
    const { history } = to;
    put({
      ...withDocument(get(), to.document),
      history,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
    });
    get().announce(t(told, { what: to.label }));
  };
  return {
    change,
    setField: (node, path, value) =>
      change(t("Change {node}", { node }), (d) => operations.setField(d, node, path, value), keyOf(node, path)),
    setSetting: (path, value) =>
      change(t("Change the flow's settings"), (d) => operations.setSetting(d, path, value), keyOf("", path)),
    addNode: (type, where = {}) => addNode(get, put, type, where),
    renameNode: (old, name) => {
      const problem = operations.nameProblem(get().document, old, name);
      if (problem) return t(problem);
      if (name === old || get().readOnly) return "";
      const state = get();
      const at = state.places[old];
      if (at) put({ found: { ...state.found, [name]: at } });
      change(t("Rename {node}", { node: old }), (d) => operations.renameNode(d, old, name));
      if (state.selection.includes(old)) {
        put({ selection: state.selection.map((one) => (one === old ? name : one)) });
      }
      return "";
    },
    removeNodes: (names) => {
      change(t("Delete"), (d) => operations.removeNodes(d, names));
    },
    removeSelected: () => {
      const { selection, selectedNotes, readOnly } = get();
      const count = selection.length + selectedNotes.length;
      if (!count || readOnly) return;
      change(t("Delete"), (d) => removeNotes(operations.removeNodes(d, selection), selectedNotes));
      get().announce(
        count === 1 && selection[0]
          ? t("Node {node} deleted", { node: selection[0] })
          : t("{count} deleted", { count }),
      );
    },
    connect: (node, exit, target) => {
      const label = target ? t("Connect {node}", { node }) : t("Disconnect {node}", { node });
      change(label, (d) => operations.connect(d, node, exit, target));
    },
    moveWire: (node, exit, toNode, toExit, target) =>
      change(t("Connect {node}", { node: toNode }), (d) =>
        operations.connect(operations.connect(d, node, exit, ""), toNode, toExit, target),
      ),
    moveNodes: (places, notes = []) => {
      const move = (d: FlowDocument) => notes.reduce((done, { id, ...at }) => changeNote(done, id, at), d);
      change(
        t("Move"),
        (d) => move(Object.keys(places).length ? operations.moveNodes(pinned(get(), d), places) : d),
        `move ${Object.keys(places).join(" ")} ${notes.map((note) => note.id).join(" ")}`,
      );
    },
    shiftNode: (name, by) => change(t("Reorder"), (d) => operations.shiftNode(d, name, by)),
    tidy: () => {
      const state = get();
      const names = state.selection.length > 1 ? state.selection : Object.keys(state.document.nodes);
      const size = sizeIn(state.document, state.check, state.types);
      const places = tidied(state.document, names, state.places, size);
      change(t("Tidy up"), (d) => operations.moveNodes(pinned(get(), d), places));
      put({ reveal: { nodes: [...names], at: (get().reveal?.at ?? 0) + 1 } });
      get().announce(t("{count} nodes put in order", { count: names.length }));
    },
    addNote: (x, y) => {
      const made = addNote(get().document, x, y);
      change(t("Add a note"), () => made.document);
      if (get().document === made.document) put({ selection: [], selectedNotes: [made.id] });
    },
    changeNote: (id, parts) =>
      change(t("Change a note"), (d) => changeNote(d, id, parts), `note ${id} ${Object.keys(parts).join(" ")}`),
    undo: () => travel(back(get().history, get().document), "Undone: {what}"),
    redo: () => travel(forward(get().history, get().document), "Done again: {what}"),
  };
}

function keyOf(node: string, path: readonly (string | number)[]): string {
  return `${node} ${path.join(".")}`;
}

function addNode(
  get: Get,
  put: Put,
  type: string,
  where: { x?: number; y?: number; from?: { node: string; exit: string } },
): string {
  const state = get();
  const kind = kindOf(state.types, type);
  if (state.readOnly || !kind) return "";
  const name = operations.newName(type, Object.keys(state.document.nodes));
  const { from } = where;
  const place =
    where.x === undefined || where.y === undefined ? besides(state, from?.node) : ([where.x, where.y] as const);
  state.change(t("Add {node}", { node: name }), (d) => {
    const added = operations.addNode(pinned(state, d), name, kind.template, place);
    return from ? operations.connect(added, from.node, from.exit, name) : added;
  });
  put({ selection: [name], selectedNotes: [], reveal: { nodes: [name], at: (state.reveal?.at ?? 0) + 1 } });
  get().announce(t("Node {node} added ({type})", { node: name, type: inLanguage(kind.title) }));
  return name;
}

/** A free place for a new node: below the one it follows, else below everything. */
function besides(state: EditorValues, after: string | undefined): operations.Place {
  const size = sizeIn(state.document, state.check, state.types);
  const places = Object.entries(state.places).filter(([name]) => Object.hasOwn(state.document.nodes, name));
  if (!places.length) return [0, 0];
  const anchor = after ? state.places[after] : undefined;
  const own = cardOf([]);
  const left = anchor ? anchor[0] : Math.min(...places.map(([, [x]]) => x));
  const lowest = Math.max(...places.map(([name, [, y]]) => y + size(name).height)) + 70;
  let x = left;
  const y = anchor && after ? anchor[1] + size(after).height + 70 : lowest;
  const hits = () =>
    places.some(([name, [px, py]]) => {
      const box = size(name);
      return px < x + own.width + 16 && px + box.width + 16 > x && py < y + own.height + 50 && py + box.height > y - 16;
    });
  while (hits()) x += 40;
  return [x, y];
}
