/** What is looked at: selection, panels, views, overlays. None of it changes the document. */

import type { EditorActions, Get, Put } from "./state";

type Views =
  | "select"
  | "focusField"
  | "setPanel"
  | "setView"
  | "setOverlay"
  | "setPromptLanguage"
  | "setChoosing"
  | "setFinding"
  | "setHelping"
  | "announce";

export function viewActions(get: Get, put: Put): Pick<EditorActions, Views> {
  const revealed = (nodes: readonly string[]) => ({ reveal: { nodes: [...nodes], at: (get().reveal?.at ?? 0) + 1 } });
  return {
    select: (names, { reveal = false, notes = [] } = {}) => {
      const { document } = get();
      const selection = names.filter((name) => Object.hasOwn(document.nodes, name));
      put({ selection, selectedNotes: [...notes], ...(reveal && selection.length ? revealed(selection) : {}) });
    },
    focusField: (node, field) => {
      const focus = { node, field, at: (get().focus?.at ?? 0) + 1 };
      if (node === "") put({ focus, panel: "flow" });
      else put({ focus, panel: "node", selection: [node], selectedNotes: [], ...revealed([node]) });
    },
    setPanel: (panel) => put({ panel }),
    setView: (view) => put({ view }),
    setOverlay: (overlay) => put({ overlay }),
    setPromptLanguage: (promptLanguage) => put({ promptLanguage }),
    setChoosing: (choosing) => put({ choosing: get().readOnly ? null : choosing }),
    setFinding: (finding) => put({ finding }),
    setHelping: (helping) => put({ helping }),
    announce: (text) => put({ announcement: { text, at: get().announcement.at + 1 } }),
  };
}
