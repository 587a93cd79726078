/** What every field of one form knows: whose field it is, what is known there, and how it is changed. */

import { createContext, useContext } from "react";
import type { FlowDocument, Problem } from "../model/types";
import type { Sources } from "./completion";
import { dotted, type Path } from "./plain";
import type { Defs } from "./schema";

export interface FormScope {
  /** Name of the node, "" for the flow's settings. */
  owner: string;
  data: unknown;
  document: FlowDocument;
  defs: Defs;
  readOnly: boolean;
  /** The problems of this node, or of the settings. */
  problems: readonly Problem[];
  sources: Sources;
  /** Seconds when spoken, by dotted path with language. */
  seconds: Readonly<Record<string, number>>;
  /** Whether languages stand side by side. */
  wide: boolean;
  /** Another value at a path; undefined takes it out. */
  set(path: Path, value: unknown): void;
}

const Scope = createContext<FormScope | null>(null);

export const ScopeProvider = Scope.Provider;

/** The form that a field belongs to. */
export function useScope(): FormScope {
  const scope = useContext(Scope);
  if (!scope) throw new Error("A field stands outside of a form.");
  return scope;
}

/** The element id of a place of the form, and of what belongs to it. */
export function idOf(owner: string, path: Path, part = ""): string {
  const place = `${owner}-${dotted(path)}${part ? `-${part}` : ""}`;
  return `f-${place.replace(/[^\p{L}\p{N}_-]/gu, "_")}`;
}

/** What every control of a place gets, so that its label, help and problems are heard with it. */
export interface Marks {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}
