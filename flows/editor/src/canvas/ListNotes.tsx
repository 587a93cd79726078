/** The sticky notes below the list. */

import { useEditor } from "../store";
import { t } from "../words";
import { Icon } from "./Icon";

export function ListNotes() {
  const notes = useEditor((s) => s.document.notes);
  const readOnly = useEditor((s) => s.readOnly);
  const { changeNote, addNote, select, removeSelected } = useEditor.getState();
  if (readOnly && !notes?.length) return null;
  const remove = (id: string) => {
    select([], { notes: [id] });
    removeSelected();
  };
  return (
    <section className="fe-list-notes" aria-label={t("Notes")}>
      <h2>{t("Notes")}</h2>
      <ul>
        {(notes ?? []).map((note) => (
          <li key={note.id}>
            <textarea
              aria-label={t("Note")}
              value={note.text}
              readOnly={readOnly}
              maxLength={4000}
              onChange={(event) => changeNote(note.id, { text: event.target.value })}
            />
            {readOnly ? null : (
              <button
                type="button"
                className="quiet small fe-tool"
                aria-label={t("Delete the note")}
                onClick={() => remove(note.id)}
              >
                <Icon name="trash" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {readOnly ? null : (
        <button type="button" className="small" onClick={() => addNote(-260, 40 + 140 * (notes?.length ?? 0))}>
          <Icon name="note" />
          {t("Add a note")}
        </button>
      )}
    </section>
  );
}
