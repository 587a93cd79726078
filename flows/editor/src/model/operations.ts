/** What can be done to a flow document. Every operation gives a new document and leaves the old one as it was. */

import { type Path, setIn } from "./paths";
import type { FlowDocument, NodeData } from "./types";

export type Place = readonly [number, number];
export type Places = Readonly<Record<string, Place>>;

/** Where nodes are named apart from exits: settings, each a path in the document. */
const NAMED_IN: readonly Path[] = [
  ["defaults", "person"],
  ["defaults", "failure"],
  ["outbound", "voicemail"],
];

const NODE_NAME = /^\p{L}[\p{L}\p{N}_-]{0,59}$/u;

/** A node's field set; undefined removes it. */
export function setField(document: FlowDocument, node: string, path: Path, value: unknown): FlowDocument {
  const data = document.nodes[node];
  if (!data) return document;
  const next = setIn(data, path, value) as NodeData;
  return next === data ? document : { ...document, nodes: { ...document.nodes, [node]: next } };
}

/** One of the document's own settings set; undefined removes it. */
export function setSetting(document: FlowDocument, path: Path, value: unknown): FlowDocument {
  return setIn(document, path, value) as FlowDocument;
}

/** A name that is not taken: the wanted one, else with a number behind. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  if (!names.has(wanted)) return wanted;
  const stem = wanted.replace(/_\d+$/, "").slice(0, 54) || "node";
  let number = 2;
  while (names.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** The name of a new node of a type: menu_1, menu_2, … */
export function newName(type: string, taken: Iterable<string>): string {
  return freeName(`${type}_1`, taken);
}

/** A new node; the first one of a flow is where it starts. */
export function addNode(document: FlowDocument, name: string, data: NodeData, place?: Place): FlowDocument {
  const added = {
    ...document,
    nodes: { ...document.nodes, [name]: structuredClone(data) },
    start: Object.hasOwn(document.nodes, document.start) ? document.start : name,
  };
  return place ? moveNodes(added, { [name]: place }) : added;
}

/** True for a name that a node may have. */
export function isNodeName(name: string): boolean {
  return NODE_NAME.test(name);
}

/** Whether a node may be called so: "" or the reason, in English. */
export function nameProblem(document: FlowDocument, old: string, name: string): string {
  if (name === old) return "";
  if (!isNodeName(name)) {
    return "A node's name has 1 to 60 letters, digits, - and _, and begins with a letter.";
  }
  return Object.hasOwn(document.nodes, name) ? "There is a node with this name already." : "";
}

/** The node under another name, in the same place of the order; everything that named it names it anew. */
export function renameNode(document: FlowDocument, old: string, name: string): FlowDocument {
  if (!document.nodes[old] || name === old) return document;
  const nodes: Record<string, NodeData> = {};
  for (const [key, data] of Object.entries(document.nodes)) {
    nodes[key === old ? name : key] = aimed(data, (target) => (target === old ? name : target));
  }
  const layout = document.layout;
  const next: FlowDocument = { ...document, nodes, start: document.start === old ? name : document.start };
  if (layout && old in layout) {
    next.layout = Object.fromEntries(Object.entries(layout).map(([key, at]) => [key === old ? name : key, at]));
  }
  return settled(next, (target) => (target === old ? name : target));
}

/** The nodes gone, and every wire to them. */
export function removeNodes(document: FlowDocument, names: readonly string[]): FlowDocument {
  const gone = new Set(names.filter((name) => Object.hasOwn(document.nodes, name)));
  if (!gone.size) return document;
  const keep = (target: string) => (gone.has(target) ? "" : target);
  const nodes: Record<string, NodeData> = {};
  for (const [name, data] of Object.entries(document.nodes)) if (!gone.has(name)) nodes[name] = aimed(data, keep);
  const next: FlowDocument = { ...document, nodes, start: keep(document.start) };
  if (document.layout) {
    next.layout = Object.fromEntries(Object.entries(document.layout).filter(([name]) => !gone.has(name)));
  }
  return settled(next, keep);
}

/** An exit wired to a node; "" takes the wire away. */
export function connect(document: FlowDocument, node: string, exit: string, target: string): FlowDocument {
  return setField(document, node, ["exits", exit], target || undefined);
}

/** Nodes placed elsewhere, in whole units. */
export function moveNodes(document: FlowDocument, places: Places): FlowDocument {
  const layout = { ...document.layout };
  let moved = false;
  for (const [name, [x, y]] of Object.entries(places)) {
    if (!Object.hasOwn(document.nodes, name)) continue;
    const place: [number, number] = [Math.round(x), Math.round(y)];
    const old = layout[name];
    if (old && old[0] === place[0] && old[1] === place[1]) continue;
    layout[name] = place;
    moved = true;
  }
  return moved ? { ...document, layout } : document;
}

/** The node one place up (-1) or down (1) in the order of the document. */
export function shiftNode(document: FlowDocument, name: string, by: -1 | 1): FlowDocument {
  const entries = Object.entries(document.nodes);
  const from = entries.findIndex(([key]) => key === name);
  const to = from + by;
  const [here, there] = [entries[from], entries[to]];
  if (!here || !there) return document;
  entries[from] = there;
  entries[to] = here;
  return { ...document, nodes: Object.fromEntries(entries) };
}

/** The node's exits through `aim`; the same object when none changes. */
function aimed(data: NodeData, aim: (target: string) => string): NodeData {
  const exits = Object.entries(data.exits ?? {});
  if (exits.every(([, target]) => aim(target) === target)) return data;
  return {
    ...data,
    exits: Object.fromEntries(exits.map(([exit, target]) => [exit, aim(target)]).filter(([, target]) => target)),
  };
}

/** The settings that name nodes through `aim`; what becomes "" is left out. */
function settled(document: FlowDocument, aim: (target: string) => string): FlowDocument {
  return NAMED_IN.reduce((done, [part, key]) => {
    const group = done[String(part)] as Record<string, unknown> | undefined;
    const target = group?.[String(key)];
    if (typeof target !== "string" || aim(target) === target) return done;
    return setSetting(done, [String(part), String(key)], aim(target) || undefined);
  }, document);
}
