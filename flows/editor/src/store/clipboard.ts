/** Copy, paste, duplicate. */

import { type Clip, clipOf, pasteInto, read, written } from "../model/clipboard";
import type { Place } from "../model/operations";
import { t } from "../words";
import { pinned } from "./edits";
import type { EditorActions, Get, Put } from "./state";

const BESIDE: Place = [36, 36];

/** What was copied last in this tab: browsers do not let every page read the clipboard. */
let kept = "";

export function clipboardActions(get: Get, put: Put): Pick<EditorActions, "copy" | "paste" | "duplicate"> {
  const selected = (): Clip => {
    const { document, selection, selectedNotes, places } = get();
    return clipOf(document, selection, selectedNotes, places);
  };
  const insert = (clip: Clip, label: string, shift: Place) => {
    if (get().readOnly) return;
    const pasted = pasteInto(pinned(get(), get().document), clip, shift);
    const count = pasted.names.length + pasted.noteIds.length;
    if (!count) return;
    get().change(label, () => pasted.document);
    put({
      selection: [...pasted.names],
      selectedNotes: [...pasted.noteIds],
      reveal: { nodes: [...pasted.names], at: (get().reveal?.at ?? 0) + 1 },
    });
    get().announce(t("{count} added", { count }));
  };
  const pasteText = (text: string, at?: Place) => {
    const clip = read(text);
    if (!clip) {
      get().announce(t("There are no nodes on the clipboard."));
      return;
    }
    insert(clip, t("Paste"), at ? towards(clip, at) : BESIDE);
  };
  return {
    copy: () => {
      const { selection, selectedNotes } = get();
      const count = selection.length + selectedNotes.length;
      if (!count) return "";
      kept = written(selected());
      navigator.clipboard?.writeText(kept).catch(() => undefined);
      get().announce(t("{count} copied", { count }));
      return kept;
    },
    paste: (text, at) => {
      if (text !== undefined) pasteText(text, at);
      else if (!navigator.clipboard?.readText) pasteText(kept, at);
      else
        navigator.clipboard.readText().then(
          (found) => pasteText(read(found) ? found : kept, at),
          () => pasteText(kept, at),
        );
    },
    duplicate: () => insert(selected(), t("Duplicate"), BESIDE),
  };
}

/** The shift that brings the clip's upper left corner to a place. */
function towards(clip: Clip, at: Place): Place {
  const spots = [...Object.values(clip.layout), ...clip.notes.map((note): Place => [note.x, note.y])];
  if (!spots.length) return BESIDE;
  return [at[0] - Math.min(...spots.map(([x]) => x)), at[1] - Math.min(...spots.map(([, y]) => y))];
}
