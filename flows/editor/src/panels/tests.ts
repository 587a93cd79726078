/** The saved tests of the flow under work, and how they went. */

import { create } from "zustand";
import { call, get as fetchJson } from "../api";
import type { FlowDocument, Proposals, SavedTest, Scenario, TestRun } from "../model/types";
import { useEditor } from "../store";
import { sentenceOf } from "./refusal";
import { merged } from "./test_summary";

/** What is saved: the scenario as data, or as text. */
export interface Wanted {
  name: string;
  scenario?: Scenario;
  yaml?: string;
  origin?: string;
}

interface Tests {
  /** False until the list came for the first time. */
  loaded: boolean;
  tests: SavedTest[];
  run: TestRun | null;
  /** The document that was run, to tell when the result is of an earlier one. */
  ranOn: FlowDocument | null;
  /** Whether the coverage is that of all tests: one that was run alone tells nothing about the others. */
  whole: boolean;
  proposals: Proposals | null;
  busy: "" | "run" | "propose";
  error: string;
  load: () => Promise<void>;
  runTests: (ids?: number[]) => Promise<void>;
  propose: () => Promise<void>;
  /** Save under an id, or as a new one; null when the desk refused, with its sentence in `error`. */
  save: (id: number | null, wanted: Wanted) => Promise<SavedTest | null>;
  remove: (id: number) => Promise<void>;
}

/** The tests; they outlive the panel. */
export const useTests = create<Tests>()((set, get) => {
  const path = () => `/${useEditor.getState().opening.name}/tests`;
  async function tried<T>(task: () => Promise<T>): Promise<T | null> {
    try {
      set({ error: "" });
      return await task();
    } catch (error) {
      set({ error: sentenceOf(error) });
      return null;
    } finally {
      set({ busy: "" });
    }
  }
  return {
    loaded: false,
    tests: [],
    run: null,
    ranOn: null,
    whole: false,
    proposals: null,
    busy: "",
    error: "",
    load: async () => {
      const answer = await tried(() => fetchJson<{ tests: SavedTest[] }>(path()));
      if (answer) set({ tests: answer.tests, loaded: true });
    },
    runTests: async (ids) => {
      const { document } = useEditor.getState();
      set({ busy: "run" });
      const body = ids ? { document, ids } : { document };
      const latest = await tried(() => call<TestRun>("POST", `${path()}/run`, body));
      if (!latest) return;
      const again = get().ranOn === document;
      set({ run: merged(get().run, latest, !ids || !again), ranOn: document, whole: !ids || (again && get().whole) });
      if (get().whole) recolour(get().run);
    },
    propose: async () => {
      const { document } = useEditor.getState();
      set({ busy: "propose" });
      const proposals = await tried(() => call<Proposals>("POST", `${path()}/propose`, { document }));
      if (proposals) set({ proposals });
    },
    save: async (id, wanted) => {
      const saved = await tried(() =>
        id === null ? call<SavedTest>("POST", path(), wanted) : call<SavedTest>("PUT", `${path()}/${id}`, wanted),
      );
      if (saved) {
        const others = get().tests.filter((test) => test.id !== saved.id);
        set({ tests: [...others, saved].sort((a, b) => a.name.localeCompare(b.name)) });
      }
      return saved;
    },
    remove: async (id) => {
      const done = await tried(() => call<unknown>("DELETE", `${path()}/${id}`, {}));
      if (done !== null) set({ tests: get().tests.filter((test) => test.id !== id) });
    },
  };
});

/** Bring a coverage that is shown on the canvas up to date. */
function recolour(run: TestRun | null): void {
  const { overlay, setOverlay } = useEditor.getState();
  if (run && overlay.kind === "coverage") setOverlay({ kind: "coverage", coverage: run.coverage });
}
