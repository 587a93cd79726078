/** The published versions of the flow under work. */

import { create } from "zustand";
import { ApiError, call, get as fetchJson } from "../api";
import type { FlowDocument, Version } from "../model/types";
import { useEditor } from "../store";
import { sentenceOf } from "./refusal";

interface Versions {
  loaded: boolean;
  versions: Version[];
  busy: boolean;
  error: string;
  /** The way back that was refused because of what it breaks, a sentence each. */
  refused: { number: number; blockers: string[] } | null;
  load: () => Promise<void>;
  /** The document of a version, null when the desk refused. */
  fetchVersion: (number: number) => Promise<FlowDocument | null>;
  /** Put a version in force again; true when done. What it breaks needs a reason. */
  rollBack: (number: number, note: string, reason: string) => Promise<boolean>;
}

/** Versions, the newest first. */
export const useVersions = create<Versions>()((set, get) => {
  const path = () => `/${useEditor.getState().opening.name}/versions`;
  async function tried<T>(task: () => Promise<T>, look?: (error: unknown) => void): Promise<T | null> {
    set({ busy: true, error: "" });
    try {
      return await task();
    } catch (error) {
      set({ error: sentenceOf(error) });
      look?.(error);
      return null;
    } finally {
      set({ busy: false });
    }
  }
  return {
    loaded: false,
    versions: [],
    busy: false,
    error: "",
    refused: null,
    load: async () => {
      const answer = await tried(() => fetchJson<Version[]>(path()));
      if (answer) set({ versions: newestFirst(answer), loaded: true });
    },
    fetchVersion: (number) => tried(() => fetchJson<FlowDocument>(`${path()}/${number}`)),
    rollBack: async (number, note, reason) => {
      const wanted = { note, override_reason: reason };
      set({ refused: null });
      const done = await tried(
        () => call<unknown>("POST", `${path()}/${number}/roll-back`, wanted),
        (error) => {
          const blockers = blockersOf(error);
          if (blockers.length) set({ refused: { number, blockers } });
        },
      );
      if (done !== null) {
        await get().load();
        inForce(get().versions);
      }
      return done !== null;
    },
  };
});

/** What is in the way, as the desk told it. */
export function blockersOf(error: unknown): string[] {
  if (!(error instanceof ApiError) || !error.body || typeof error.body !== "object") return [];
  const { blockers } = error.body as { blockers?: unknown };
  return Array.isArray(blockers) ? blockers.map(String) : [];
}

/** Versions with the highest number first. */
export function newestFirst(versions: readonly Version[]): Version[] {
  return [...versions].sort((a, b) => b.number - a.number);
}

/** The page that shows two versions side by side. */
export function compareUrl(page: string, before: number, after: number | "draft"): string {
  return `${page.replace(/\/$/, "")}/compare?before=${before}&after=${after}`;
}

/** Another version's content in this draft; the flow keeps its name. */
export function taken(document: FlowDocument, theirs: FlowDocument): FlowDocument {
  return { ...theirs, name: document.name };
}

/** Tell the rest of the editor which version calls run now. */
function inForce(versions: readonly Version[]): void {
  const found = versions.find((version) => version.in_force);
  if (!found) return;
  const { number, at, by } = found;
  useEditor.setState(({ opening }) => ({ opening: { ...opening, published: { number, at, by } } }));
}
