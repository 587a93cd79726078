/** The call that is tried out now. It outlives the panel, so that a look at a form does not end the conversation. */

import { create } from "zustand";
import { call } from "../api";
import type { FlowDocument, Rehearsal, SavedTest, Scenario, Step, TestResult } from "../model/types";
import { useEditor } from "../store";
import { pathOf, saidSince } from "./conversation";
import { sentenceOf } from "./refusal";
import { earlier, newScenario, withStep } from "./steps";
import { playLines, stopPlaying } from "./voice";

interface Tryout {
  scenario: Scenario;
  /** What came of it, null before the call began. */
  rehearsal: Rehearsal | null;
  /** The document it was played on, to tell when the flow has changed since. */
  playedOn: FlowDocument | null;
  busy: boolean;
  error: string;
  /** The saved test that is looked at, null for a free conversation. */
  test: { id: number; name: string } | null;
  /** What did not come true at the end when that test was run; a conversation is not judged while it goes on. */
  unmet: { step: number; message: string }[];
  aloud: boolean;
  onCanvas: boolean;
  begin: () => void;
  act: (step: Step) => void;
  backTo: (step: number) => void;
  configure: (scenario: Scenario) => void;
  open: (test: Pick<SavedTest, "id" | "name" | "scenario">, result: TestResult | null) => void;
  rerun: () => void;
  setAloud: (aloud: boolean) => void;
  setOnCanvas: (onCanvas: boolean) => void;
  saved: (test: { id: number; name: string }) => void;
}

let running: AbortController | null = null;

/** The conversation with the draft. Every change of it plays the whole scenario again: the desk keeps no state. */
export const useTryout = create<Tryout>()((set, get) => {
  async function run(playFrom: number | null): Promise<void> {
    const { document, opening } = useEditor.getState();
    running?.abort();
    const mine = new AbortController();
    running = mine;
    set({ busy: true, error: "", playedOn: document });
    try {
      const body = { document, scenario: get().scenario };
      const rehearsal = await call<Rehearsal>("POST", `/${opening.name}/try`, body, mine.signal);
      if (running !== mine) return;
      set({ rehearsal, busy: false });
      light(rehearsal, get().onCanvas);
      if (playFrom !== null && get().aloud) void playLines(opening.name, saidSince(rehearsal, playFrom));
    } catch (error) {
      if (running === mine) set({ busy: false, error: sentenceOf(error) });
    }
  }

  function become(scenario: Scenario, playFrom: number | null): void {
    stopPlaying();
    set({ scenario, unmet: [] });
    void run(playFrom);
  }

  return {
    scenario: newScenario(""),
    rehearsal: null,
    playedOn: null,
    busy: false,
    error: "",
    test: null,
    unmet: [],
    aloud: false,
    onCanvas: true,
    begin: () => {
      const { call: called, setting, lookups } = get().scenario;
      const kept = { ...(setting ? { setting } : {}), ...(lookups ? { lookups } : {}) };
      set({ test: null });
      become({ ...newScenario(""), call: called, ...kept }, -1);
    },
    act: (step) => become(withStep(get().scenario, step), get().scenario.steps.length),
    backTo: (step) => become(earlier(get().scenario, step), null),
    configure: (scenario) => {
      set({ scenario });
      if (get().rehearsal) void run(null);
    },
    open: (test, result) => {
      set({ test: test.id ? { id: test.id, name: test.name } : null });
      become(test.scenario, null);
      set({ unmet: result?.failures.filter((failure) => failure.step < 0) ?? [] });
    },
    rerun: () => void run(null),
    setAloud: (aloud) => {
      set({ aloud });
      if (!aloud) stopPlaying();
    },
    setOnCanvas: (onCanvas) => {
      set({ onCanvas });
      light(get().rehearsal, onCanvas);
    },
    saved: (test) => set({ test }),
  };
});

function light(rehearsal: Rehearsal | null, wanted: boolean): void {
  const { overlay, setOverlay } = useEditor.getState();
  if (wanted && rehearsal) {
    const path = pathOf(rehearsal);
    const moved = overlay.kind !== "path" || overlay.here !== path.here;
    setOverlay({ kind: "path", ...path, ended: rehearsal.ended });
    if (moved && path.here) reveal(path.here);
  } else if (overlay.kind === "path") setOverlay({ kind: "none" });
}

/** Bring a node into view and leave the selection alone: somebody may be at its form. */
function reveal(node: string): void {
  useEditor.setState((state) => ({ reveal: { nodes: [node], at: (state.reveal?.at ?? 0) + 1 } }));
}
