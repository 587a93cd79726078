/** The editor's one store. `begin` fills it before anything is drawn. */

import { create } from "zustand";
import { language } from "../api";
import { byNode } from "../model/checks";
import { NOTHING_DONE } from "../model/history";
import { placesFor } from "../model/layout";
import type { Check, FlowDocument, Opening, Types } from "../model/types";
import { clipboardActions } from "./clipboard";
import { editActions } from "./edits";
import { resolvingActions } from "./resolving";
import { sizeIn } from "./sizes";
import type { EditorState, EditorValues } from "./state";
import { viewActions } from "./views";

export type { Choosing, EditorState, Overlay, Panel, View } from "./state";

const NOWHERE: FlowDocument = { name: "", languages: [], start: "", nodes: {} };

const EMPTY: EditorValues = {
  opening: {
    name: "",
    document: NOWHERE,
    origin: "draft",
    revision: 0,
    saved_at: null,
    saved_by: "",
    published: null,
    may_edit: false,
    may_publish: false,
    lines: [],
    test_number: "",
    flows: [],
    links: { page: "", versions: "", missed: "", phone: "", calls: "" },
  },
  types: { types: [], groups: [], settings: {}, $defs: {}, functions: [], filters: [] },
  document: NOWHERE,
  readOnly: true,
  base: NOWHERE,
  revision: 0,
  grewFrom: 0,
  saveState: "saved",
  saveError: "",
  conflict: null,
  history: NOTHING_DONE,
  canUndo: false,
  canRedo: false,
  selection: [],
  selectedNotes: [],
  focus: null,
  reveal: null,
  check: null,
  checking: false,
  problemsOf: {},
  panel: null,
  view: "canvas",
  overlay: { kind: "none" },
  promptLanguage: "",
  found: {},
  places: {},
  choosing: null,
  finding: false,
  helping: false,
  announcement: { text: "", at: 0 },
};

export const useEditor = create<EditorState>()((set, get) => ({
  ...EMPTY,
  ...editActions(get, set),
  ...clipboardActions(get, set),
  ...viewActions(get, set),
  ...resolvingActions(get, set),
}));

/** Opens a flow: what the desk told becomes the state. */
export function begin(opening: Opening, types: Types, check: Check | null, narrow: boolean): void {
  const document = opening.document;
  const values: EditorValues = {
    ...EMPTY,
    opening,
    types,
    document,
    base: document,
    check,
    problemsOf: byNode(check?.problems ?? [], {}),
    revision: opening.revision,
    grewFrom: opening.published?.number ?? 0,
    readOnly: !opening.may_edit,
    promptLanguage: nearest(document.languages ?? []),
    panel: narrow ? null : "node",
    view: narrow ? "list" : "canvas",
  };
  const places = placesFor(document, {}, sizeIn(document, check, types));
  useEditor.setState({ ...values, places, found: places });
}

/** The language of the flow that the reader reads, else its first. */
function nearest(tags: readonly string[]): string {
  return tags.find((tag) => tag.split("-")[0] === language()) ?? tags[0] ?? "";
}
