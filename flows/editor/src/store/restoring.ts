/** An unsent draft that this device kept, when the flow is opened again. */

import { remember } from "../model/history";
import type { FlowDocument } from "../model/types";
import { t } from "../words";
import { withDocument } from "./edits";
import { forget, kept } from "./local_copy";
import { saver } from "./saver";
import type { EditorState, EditorValues } from "./state";

interface Store {
  getState(): EditorState;
  setState(part: Partial<EditorValues>): void;
}

/** Takes up the kept draft: as one step that can be undone when the desk's is still the one it grew from, as a
 * conflict when somebody saved meanwhile. */
export function restore(store: Store): void {
  const state = store.getState();
  const copy = state.readOnly ? null : kept(state.opening.name);
  if (!copy) return;
  if (copy.document.name !== state.document.name || equal(copy.document, state.document)) {
    forget(state.opening.name);
    return;
  }
  const history = remember(state.history, state.document, t("Take up what was kept on this device"), "", Date.now());
  const { revision, saved_by: by, saved_at: at } = state.opening;
  const grewFrom = copy.grewFrom ?? state.grewFrom;
  if (copy.revision === revision && (revision > 0 || grewFrom === state.grewFrom)) {
    store.setState({ ...withDocument(state, copy.document), history, canUndo: true });
  } else {
    store.setState({
      ...withDocument(state, copy.document),
      history,
      canUndo: true,
      base: copy.base,
      revision: copy.revision,
      grewFrom,
      conflict: {
        error: t("Somebody saved this flow while changes waited on this device."),
        revision,
        updated_by: by,
        updated_at: at ?? "",
        published: state.grewFrom,
        theirs: state.document,
      },
    });
    saver.conflicted();
  }
  store.getState().announce(t("Unsent changes that were kept on this device are back."));
}

function equal(one: FlowDocument, other: FlowDocument): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
