/** Answers of other systems that are kept with the flow. */

import { create } from "zustand";
import { call, get as fetchJson } from "../api";
import { useEditor } from "../store";
import { sentenceOf } from "./refusal";
import { type Sample, withSample } from "./settings";

interface Samples {
  samples: Sample[];
  error: string;
  load: () => Promise<void>;
  keep: (sample: Sample) => Promise<void>;
}

/** The samples of the flow under work. */
export const useSamples = create<Samples>()((set, get) => {
  const path = () => `/${useEditor.getState().opening.name}/samples`;
  return {
    samples: [],
    error: "",
    load: async () => {
      try {
        set({ samples: (await fetchJson<{ samples: Sample[] }>(path())).samples, error: "" });
      } catch (error) {
        set({ error: sentenceOf(error) });
      }
    },
    keep: async (sample) => {
      const samples = withSample(get().samples, sample);
      try {
        await call<unknown>("PUT", path(), { samples });
        set({ samples, error: "" });
      } catch (error) {
        set({ error: sentenceOf(error) });
      }
    },
  };
});
