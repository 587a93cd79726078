/** After somebody else saved first: whose document goes on. */

import { remember } from "../model/history";
import type { FlowDocument } from "../model/types";
import { t } from "../words";
import { withDocument } from "./edits";
import { saver } from "./saver";
import type { EditorActions, Get, Put } from "./state";

export function resolvingActions(get: Get, put: Put): Pick<EditorActions, "takeTheirs" | "keepMine" | "saveNow"> {
  const goOn = (document: FlowDocument, base: FlowDocument, revision: number, label: string) => {
    const state = get();
    const history = remember(state.history, state.document, label, "", Date.now());
    const grewFrom = state.conflict?.published ?? state.grewFrom;
    put({ ...withDocument(state, document), base, revision, grewFrom, conflict: null });
    put({ history, canUndo: true, canRedo: false });
    saver.resolved();
  };
  return {
    takeTheirs: (document, revision) => goOn(document, document, revision, t("Take their version")),
    keepMine: (merged, revision) => goOn(merged, get().conflict?.theirs ?? get().base, revision, t("Keep my version")),
    saveNow: () => saver.now(),
  };
}
