/** Asks the desk for the lint while somebody works; an older question is dropped for a newer one. */

import { call } from "../api";
import { byNode, shared } from "../model/checks";
import { placesFor } from "../model/layout";
import type { Check, FlowDocument } from "../model/types";
import { sizeIn } from "./sizes";
import type { EditorState, EditorValues } from "./state";

const PAUSE_MS = 250;
const AGAIN_MS = 5_000;

interface Store {
  getState(): EditorState;
  setState(part: Partial<EditorValues>): void;
  subscribe(heard: (state: EditorState, before: EditorState) => void): () => void;
}

/** The first check of a document, null when the desk takes longer than `patienceMs`: cards are as wide as their exits,
 * and a flow that nobody laid out should not jump when they become known. */
export async function firstCheck(document: FlowDocument, name: string, patienceMs: number): Promise<Check | null> {
  const path = `/${encodeURIComponent(name)}/check`;
  const patience = AbortSignal.timeout(patienceMs);
  return call<Check>("POST", path, { document }, patience).catch(() => null);
}

/** Checks the document now and after every change of it or of the one selected node. */
export function watchChecks(store: Store): void {
  let alarm: ReturnType<typeof setTimeout> | undefined;
  let under: AbortController | null = null;

  const soon = (afterMs: number) => {
    clearTimeout(alarm);
    alarm = setTimeout(() => void ask(), afterMs);
  };
  const ask = async () => {
    under?.abort();
    const mine = new AbortController();
    under = mine;
    const { document, opening } = store.getState();
    const node = single(store.getState());
    store.setState({ checking: true });
    try {
      const path = `/${encodeURIComponent(opening.name)}/check`;
      const check = await call<Check>("POST", path, node ? { document, node } : { document }, mine.signal);
      if (!mine.signal.aborted) store.setState(learned(store.getState(), check));
    } catch {
      if (!mine.signal.aborted) soon(AGAIN_MS);
    }
    if (!mine.signal.aborted) store.setState({ checking: false });
  };

  store.subscribe((state, before) => {
    if (linted(state) !== linted(before) || single(state) !== single(before)) soon(PAUSE_MS);
  });
  if (!store.getState().check) void ask();
}

function single(state: EditorValues): string {
  return state.selection.length === 1 ? (state.selection[0] ?? "") : "";
}

/** Places are not linted: a document that was only moved about needs no new check. */
function linted(state: EditorValues): unknown {
  const { document } = state;
  const kept = KEYS.get(document);
  if (kept) return kept;
  const { layout: _layout, notes: _notes, ...rest } = document;
  const last = LAST.rest;
  const same =
    last &&
    Object.keys(rest).length === Object.keys(last).length &&
    Object.entries(rest).every(([key, value]) => last[key] === value);
  const key = same && last ? last : rest;
  LAST.rest = key;
  KEYS.set(document, key);
  return key;
}

const KEYS = new WeakMap<object, Record<string, unknown>>();
const LAST: { rest: Record<string, unknown> | null } = { rest: null };

/** What a check changes: parts that are as before stay the same objects, so that only what changed is drawn anew. */
function learned(state: EditorValues, fresh: Check): Partial<EditorValues> {
  const check = shared(state.check, fresh);
  const problemsOf = byNode(check.problems, state.problemsOf);
  const firstTime = state.check === null && !Object.keys(state.document.layout ?? {}).length;
  if (!firstTime) return { check, problemsOf };
  const places = placesFor(state.document, {}, sizeIn(state.document, check, state.types));
  return { check, problemsOf, places, found: places };
}
