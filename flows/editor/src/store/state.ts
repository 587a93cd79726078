/** What the editor knows at one moment, and what can be asked of it. The other parts import it from "./index". */

import type { History } from "../model/history";
import type { Place, Places } from "../model/operations";
import type { Path } from "../model/paths";
import type { SaveState } from "../model/saving";
import type { Check, Conflict, Coverage, FlowDocument, Heat, Note, Opening, Problem, Types } from "../model/types";

export type Panel = "node" | "flow" | "problems" | "try" | "tests" | "replay" | "heat" | "versions" | "publish";
export type View = "canvas" | "list";

/** What is drawn over nodes and wires. Exits of a path are [node, exit]. */
export type Overlay =
  | { kind: "none" }
  | { kind: "coverage"; coverage: Coverage }
  | { kind: "heat"; heat: Heat }
  | { kind: "path"; nodes: string[]; exits: [string, string][]; here: string; ended?: boolean };

/** The palette is open: the exit that is wired to the new node, and where it goes. */
export interface Choosing {
  /** In units of the canvas; null for a free place beside the node it follows. */
  readonly place: Place | null;
  readonly from?: { readonly node: string; readonly exit: string };
  /** Where on the screen it opens, in pixels of the window; null for the middle. */
  readonly screen: Place | null;
}

export interface EditorValues {
  opening: Opening;
  types: Types;
  document: FlowDocument;
  readOnly: boolean;
  /** The document as last agreed with the desk. */
  base: FlowDocument;
  revision: number;
  /** Number of the published version that the document grew from, 0 for none. */
  grewFrom: number;
  saveState: SaveState;
  /** Why the desk did not take the document or cannot be reached, a sentence; "" when nothing is wrong. */
  saveError: string;
  conflict: Conflict | null;
  history: History;
  canUndo: boolean;
  canRedo: boolean;
  /** Names of the selected nodes. */
  selection: string[];
  /** Ids of the selected sticky notes. */
  selectedNotes: string[];
  /** A field to bring into view; `at` grows with each wish. */
  focus: { node: string; field: string; at: number } | null;
  /** Nodes to bring into view; `at` grows with each wish. */
  reveal: { nodes: string[]; at: number } | null;
  check: Check | null;
  checking: boolean;
  /** Problems by node; those about the whole document under "". */
  problemsOf: Readonly<Record<string, readonly Problem[]>>;
  panel: Panel | null;
  view: View;
  overlay: Overlay;
  /** Language tag of the document in which prompts are shown. */
  promptLanguage: string;
  /** Places found for nodes whose place the document does not tell; they stay as long as the editor is open. */
  found: Places;
  /** Where each node is drawn: its stored place, or the one found for it. */
  places: Places;
  choosing: Choosing | null;
  finding: boolean;
  helping: boolean;
  /** Told to screen readers and shown for a moment; `at` grows with each. */
  announcement: { text: string; at: number };
}

export interface EditorActions {
  /** One undo step; edits with the same mergeKey within 800 ms are one. Does nothing for readers. */
  change(label: string, recipe: (document: FlowDocument) => FlowDocument, mergeKey?: string): void;
  /** A field of a node; undefined removes it. */
  setField(node: string, path: Path, value: unknown): void;
  /** A setting of the document; undefined removes it. */
  setSetting(path: Path, value: unknown): void;
  /** The name of the new node, "" when nothing may be changed. */
  addNode(type: string, where?: { x?: number; y?: number; from?: { node: string; exit: string } }): string;
  /** "" when done, else why not, in the reader's language. */
  renameNode(old: string, name: string): string;
  removeNodes(names: readonly string[]): void;
  /** Selected nodes and notes gone, one undo step. */
  removeSelected(): void;
  connect(node: string, exit: string, target: string): void;
  /** A wire taken from one exit and put on another, one undo step. */
  moveWire(node: string, exit: string, toNode: string, toExit: string, target: string): void;
  moveNodes(places: Places, notes?: readonly { id: string; x: number; y: number }[]): void;
  shiftNode(name: string, by: -1 | 1): void;
  /** Order for the selected nodes when there are several, else for all. */
  tidy(): void;
  addNote(x: number, y: number): void;
  changeNote(id: string, parts: Partial<Omit<Note, "id">>): void;
  /** The selection as text, also put on the clipboard where the browser lets us. */
  copy(): string;
  /** What is on the clipboard, or the text; at a place, or beside what was copied. */
  paste(text?: string, at?: Place): void;
  duplicate(): void;
  undo(): void;
  redo(): void;
  select(names: readonly string[], options?: { reveal?: boolean; notes?: readonly string[] }): void;
  /** Select the node, open its form and go to the field; node "" is the flow's own settings. */
  focusField(node: string, field: string): void;
  setPanel(panel: Panel | null): void;
  setView(view: View): void;
  setOverlay(overlay: Overlay): void;
  setPromptLanguage(tag: string): void;
  setChoosing(choosing: Choosing | null): void;
  setFinding(open: boolean): void;
  setHelping(open: boolean): void;
  announce(text: string): void;
  /** After a conflict: their document as it is (can be undone), or the merged one. */
  takeTheirs(document: FlowDocument, revision: number): void;
  keepMine(merged: FlowDocument, revision: number): void;
  /** Sends what is unsent; done when the desk has it or has refused it. */
  saveNow(): Promise<void>;
}

export type EditorState = EditorValues & EditorActions;
export type Get = () => EditorState;
export type Put = (part: Partial<EditorValues>) => void;
