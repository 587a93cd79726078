/** A sticky note: text that only people of the studio read. */

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import type { NoteNode } from "./flow_parts";

export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteNode>) {
  const { note } = data;
  const readOnly = useEditor((s) => s.readOnly);
  const changeNote = useEditor((s) => s.changeNote);
  return (
    <div className="fe-note">
      <NodeResizer
        isVisible={selected && !readOnly}
        minWidth={120}
        minHeight={60}
        onResizeEnd={(_event, { x, y, width, height }) =>
          changeNote(note.id, {
            x: Math.round(x),
            y: Math.round(y),
            width: Math.round(width),
            height: Math.round(height),
          })
        }
      />
      <textarea
        className={selected ? "nodrag nowheel" : ""}
        aria-label={t("Note")}
        placeholder={t("Write a note …")}
        value={note.text}
        readOnly={readOnly}
        maxLength={4000}
        onChange={(event) => changeNote(note.id, { text: event.target.value })}
      />
    </div>
  );
});
