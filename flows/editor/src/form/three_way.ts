/**
 * Three documents laid side by side: what both began with, mine, and theirs.
 *
 * What only one side changed is taken over; what both changed differently is a clash that a person decides. Where nodes
 * are drawn is nobody's words: mine stays, theirs fills in what mine has not.
 */

import { renameNode } from "../model/operations";
import type { FlowDocument } from "../model/types";
import { asList, asObject, at, dotted, isObject, type Path, put } from "./plain";
import { findRenames } from "./renames";

/** One difference. `node` is "" for the flow's settings, `field` is dotted within it, "" for the whole node. */
export interface Change {
  node: string;
  field: string;
  before: unknown;
  mine: unknown;
  theirs: unknown;
}

/** A difference that a person decides; `path` is its place in the merged document. */
export interface Clash extends Change {
  id: string;
  path: Path;
  /** Both gave a node another name: mine and theirs are names, and `path` leads to the node under mine. */
  renaming: boolean;
}

export interface ThreeWay {
  mine: Change[];
  theirs: Change[];
  clashes: Clash[];
  /** Everything merged, with mine where there is a clash. */
  merged: FlowDocument;
}

export type Side = "mine" | "theirs";

/** Fields of objects in lists by which an item is known again when others come and go. */
const KEYS = ["id", "name", "exit", "language", "date", "key"] as const;

const ABSENT = undefined;

/** Compare and merge. Neither document is changed. */
export function threeWay(base: FlowDocument, mine: FlowDocument, theirs: FlowDocument): ThreeWay {
  const result: ThreeWay = { mine: [], theirs: [], clashes: [], merged: mine };
  const [was, other, own] = sameNames(base, mine, theirs, result);
  const settings = merge(drop(was), drop(own), drop(other), [], result) as Record<string, unknown>;
  const nodes = mergeNodes(was.nodes, own.nodes, other.nodes, result);
  const drawn = { ...other.layout, ...own.layout };
  const layout = Object.fromEntries(Object.entries(drawn).filter(([name]) => name in nodes));
  const hasLayout = own.layout !== undefined || other.layout !== undefined;
  const merged = { ...settings, nodes, ...(hasLayout ? { layout } : {}) };
  result.merged = inOrder(merged, own);
  return result;
}

/** The merged document with theirs put in where that was chosen; a clash without a choice keeps mine. */
export function settle(found: ThreeWay, choices: Readonly<Record<string, Side>>): FlowDocument {
  // From the last to the first, so that an item taken out of a list does not move the places still to come.
  const places = found.clashes.filter(({ renaming }) => !renaming).toReversed();
  const settled = places.reduce(
    (document, { id, path, mine, theirs }) => put(document, path, choices[id] === "theirs" ? theirs : mine),
    found.merged,
  );
  const names = found.clashes.filter(({ id, renaming }) => renaming && choices[id] === "theirs");
  return names.reduce((document, { mine, theirs }) => renameNode(document, String(mine), String(theirs)), settled);
}

/** True when nothing is left to decide. */
export function allDecided(found: ThreeWay, choices: Readonly<Record<string, Side>>): boolean {
  return found.clashes.every(({ id }) => choices[id] !== undefined);
}

/** All three with the same names for the same nodes: who renamed a node takes the others along. */
function sameNames(
  base: FlowDocument,
  mine: FlowDocument,
  theirs: FlowDocument,
  result: ThreeWay,
): [FlowDocument, FlowDocument, FlowDocument] {
  let [was, own, other] = [base, mine, theirs];
  const byMe = findRenames(base, mine);
  const byThem = findRenames(base, theirs);
  for (const [old, name] of byThem) {
    const my = byMe.get(old);
    if (my !== undefined && my !== name) {
      result.clashes.push(clash({ node: my, field: "", before: old, mine: my, theirs: name }, ["nodes", my], true));
      other = renameNode(other, name, my);
    } else if (my === undefined && old in own.nodes && !(name in own.nodes)) {
      result.theirs.push({ node: name, field: "", before: old, mine: old, theirs: name });
      was = renameNode(was, old, name);
      own = renameNode(own, old, name);
    }
  }
  for (const [old, name] of byMe) {
    if (byThem.get(old) === undefined)
      result.mine.push({ node: name, field: "", before: old, mine: name, theirs: old });
    if (old in was.nodes && !(name in was.nodes)) was = renameNode(was, old, name);
    if (old in other.nodes && !(name in other.nodes)) other = renameNode(other, old, name);
  }
  return [was, other, own];
}

function drop(document: FlowDocument): Record<string, unknown> {
  const { nodes: _nodes, layout: _layout, ...settings } = document;
  return settings;
}

function mergeNodes(
  base: FlowDocument["nodes"],
  mine: FlowDocument["nodes"],
  theirs: FlowDocument["nodes"],
  result: ThreeWay,
): FlowDocument["nodes"] {
  const merged: Record<string, unknown> = {};
  for (const name of allKeys(mine, theirs, base)) {
    const [was, own, other] = [base[name], mine[name], theirs[name]];
    const whole = own === ABSENT || other === ABSENT || was === ABSENT || own.type !== other.type;
    const value = whole
      ? decide(was, own, other, ["nodes", name], result)
      : merge(was, own, other, ["nodes", name], result);
    if (value !== ABSENT) merged[name] = value;
  }
  return merged as FlowDocument["nodes"];
}

/** The merged value of one place, told in the result; undefined when the place is gone. */
function merge(base: unknown, mine: unknown, theirs: unknown, path: Path, result: ThreeWay): unknown {
  if (same(mine, theirs) || same(mine, base) || same(theirs, base)) {
    return detail(base, mine, theirs, path, result);
  }
  if (isObject(mine) && isObject(theirs)) return mergeKeys(asObject(base), mine, theirs, path, result);
  const key = commonKey([asList(base), asList(mine), asList(theirs)]);
  if (Array.isArray(mine) && Array.isArray(theirs) && key) return mergeItems(base, mine, theirs, key, path, result);
  return decide(base, mine, theirs, path, result);
}

/** One side alone changed an object: told field by field, so that a person sees which. */
function detail(base: unknown, mine: unknown, theirs: unknown, path: Path, result: ThreeWay): unknown {
  const small = path.length < 4 && isObject(base) && isObject(mine) && isObject(theirs) && !same(mine, theirs);
  return small ? mergeKeys(base, mine, theirs, path, result) : decide(base, mine, theirs, path, result);
}

function mergeKeys(
  base: Record<string, unknown>,
  mine: Record<string, unknown>,
  theirs: Record<string, unknown>,
  path: Path,
  result: ThreeWay,
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const key of allKeys(mine, theirs, base)) {
    const value = merge(base[key], mine[key], theirs[key], [...path, key], result);
    if (value !== ABSENT) merged[key] = value;
  }
  return merged;
}

/** Lists of objects that know their own names: items are merged one by one; mine's order, then what they added. */
function mergeItems(
  base: unknown,
  mine: readonly unknown[],
  theirs: readonly unknown[],
  key: string,
  path: Path,
  result: ThreeWay,
): unknown {
  const [was, own, other] = [asList(base), mine, theirs].map(
    (list) => new Map(list.map((item) => [String(asObject(item)[key]), item])),
  ) as [Map<string, unknown>, Map<string, unknown>, Map<string, unknown>];
  const shared = (list: Map<string, unknown>) => [...list.keys()].filter((name) => own.has(name) && other.has(name));
  const [order, theirOrder] = [shared(own), shared(other)];
  const baseOrder = [...was.keys()].filter((name) => own.has(name) && other.has(name));
  if (!same(order, theirOrder) && !same(order, baseOrder)) return decide(base, mine, theirs, path, result);
  const names = same(order, theirOrder) || !same(order, baseOrder) ? allKeys(own, other) : allKeys(other, own);
  const items: unknown[] = [];
  for (const name of names) {
    const [was_, own_, other_] = [was.get(name), own.get(name), other.get(name)];
    const place = [...path, items.length];
    const gone = own_ === ABSENT || other_ === ABSENT;
    const item = gone ? decide(was_, own_, other_, place, result) : merge(was_, own_, other_, place, result);
    // An item that I deleted and they changed keeps its place, so that "theirs" can be put there.
    if (item !== ABSENT) items.push(item);
    else if (result.clashes.some(({ path: taken }) => dotted(taken) === dotted(place))) items.push(null);
  }
  return items;
}

/** The value when the place counts as one: the side that changed it, or mine and a clash. */
function decide(base: unknown, mine: unknown, theirs: unknown, path: Path, result: ThreeWay): unknown {
  const change = changeAt(path, base, mine, theirs);
  if (same(mine, theirs)) return mine;
  if (same(theirs, base)) {
    result.mine.push(change);
    return mine;
  }
  if (same(mine, base)) {
    result.theirs.push(change);
    return theirs;
  }
  result.clashes.push(clash(change, path, false));
  return mine;
}

function changeAt(path: Path, before: unknown, mine: unknown, theirs: unknown): Change {
  const inNode = path[0] === "nodes";
  return { node: inNode ? String(path[1]) : "", field: dotted(path.slice(inNode ? 2 : 0)), before, mine, theirs };
}

function clash(change: Change, path: Path, renaming: boolean): Clash {
  return { ...change, id: `${renaming ? "name " : ""}${dotted(path)}`, path, renaming };
}

function allKeys(...objects: (Record<string, unknown> | Map<string, unknown>)[]): string[] {
  return [...new Set(objects.flatMap((object) => (object instanceof Map ? [...object.keys()] : Object.keys(object))))];
}

/** A key by which every item of all lists is known, each once; "" when there is none. */
function commonKey(lists: readonly (readonly unknown[])[]): string {
  const fits = (key: string) =>
    lists.every((list) => {
      const names = list.map((item) => asObject(item)[key]);
      return names.every((name) => typeof name === "string" && name !== "") && new Set(names).size === names.length;
    });
  return KEYS.find(fits) ?? "";
}

/** The settings in the order in which my document has them. */
function inOrder(merged: Record<string, unknown>, mine: FlowDocument): FlowDocument {
  const keys = allKeys(mine, merged).filter((key) => key in merged);
  return Object.fromEntries(keys.map((key) => [key, merged[key]])) as FlowDocument;
}

/** Equal as JSON, whatever the order of keys. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => same(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], at(other, [key])))
  );
}
