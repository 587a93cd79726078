/** The last replay of real calls through the draft. */

import { create } from "zustand";
import { call } from "../api";
import type { FlowDocument, Replay } from "../model/types";
import { useEditor } from "../store";
import { sentenceOf } from "./refusal";

/** How far back calls are taken, days. */
export const PERIODS = [1, 7, 30] as const;

interface Replays {
  days: number;
  /** Number of the published version whose calls are taken, null for the one in force. */
  version: number | null;
  replay: Replay | null;
  /** The document that was replayed, to tell when the result is of an earlier one. */
  ranOn: FlowDocument | null;
  busy: boolean;
  error: string;
  choose: (choice: { days?: number; version?: number | null }) => void;
  run: () => Promise<void>;
}

/** The replay; it outlives the panel. */
export const useReplays = create<Replays>()((set, get) => ({
  days: 7,
  version: null,
  replay: null,
  ranOn: null,
  busy: false,
  error: "",
  choose: (choice) => set(choice),
  run: async () => {
    const { document, opening } = useEditor.getState();
    const { days, version } = get();
    set({ busy: true, error: "" });
    try {
      const body = { document, days, ...(version === null ? {} : { version }) };
      set({ replay: await call<Replay>("POST", `/${opening.name}/replay`, body), ranOn: document });
    } catch (error) {
      set({ error: sentenceOf(error) });
    } finally {
      set({ busy: false });
    }
  },
}));
