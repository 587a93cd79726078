/** How real callers went through a version, as last asked for. */

import { create } from "zustand";
import { get as fetchJson } from "../api";
import type { Heat } from "../model/types";
import { useEditor } from "../store";
import type { Measure } from "./heat_rows";
import { sentenceOf } from "./refusal";

/** Periods to choose from, days. */
export const HEAT_PERIODS = [1, 7, 30, 90] as const;

interface Heats {
  days: number;
  /** Number of a published version, null for the one in force. */
  version: number | null;
  measure: Measure;
  heat: Heat | null;
  busy: boolean;
  error: string;
  choose: (choice: { days?: number; version?: number | null }) => void;
  sortBy: (measure: Measure) => void;
  load: () => Promise<void>;
}

/** The heat map; it outlives the panel. */
export const useHeats = create<Heats>()((set, get) => ({
  days: 7,
  version: null,
  measure: "hung_up",
  heat: null,
  busy: false,
  error: "",
  choose: (choice) => {
    set(choice);
    void get().load();
  },
  sortBy: (measure) => set({ measure }),
  load: async () => {
    const { days, version } = get();
    const wanted = new URLSearchParams({
      days: String(days),
      ...(version === null ? {} : { version: String(version) }),
    });
    set({ busy: true, error: "" });
    try {
      const heat = await fetchJson<Heat>(`/${useEditor.getState().opening.name}/heat?${wanted}`);
      if (get().days !== days || get().version !== version) return;
      set({ heat, busy: false });
      const { overlay, setOverlay } = useEditor.getState();
      if (overlay.kind === "heat") setOverlay({ kind: "heat", heat });
    } catch (error) {
      set({ busy: false, error: sentenceOf(error) });
    }
  },
}));
