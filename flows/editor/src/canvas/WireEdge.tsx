/** The wire of an exit: down to the next card, or round about back up. */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import { useEditor } from "../store";
import type { Wire } from "./flow_parts";
import { exitMark } from "./overlays";

export const WireEdge = memo(function WireEdge(props: EdgeProps<Wire>) {
  const { id, source, target, data, selected } = props;
  const lit = useEditor(
    (s) => s.selection.length < 20 && (s.selection.includes(source) || s.selection.includes(target)),
  );
  const overlay = useEditor((s) => s.overlay);
  const mark = exitMark(overlay, source, data?.exit ?? "");
  const [path, x, y] = wirePath(props);
  const tone = mark ? ` mark-${mark.tone}${mark.dim ? " dim" : ""}` : "";
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={16}
        className={`fe-wire${lit ? " lit" : ""}${selected ? " chosen" : ""}${tone}`}
        style={mark?.tone === "heat" ? { strokeWidth: 1.5 + mark.strength * 7 } : {}}
        markerEnd="url(#fe-arrow)"
      />
      {mark?.words ? (
        <EdgeLabelRenderer>
          <span
            className={`fe-wire-words ${mark.tone}`}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {mark.words}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});

const BULGE = 46;

function wirePath(props: EdgeProps<Wire>): [string, number, number] {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition } = props;
  if (targetY > sourceY + 8) {
    const [path, x, y] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
    return [path, x, y];
  }
  const side = targetX > sourceX + 160 ? (sourceX + targetX) / 2 : Math.min(sourceX, targetX) - 150;
  const middle = (sourceY + targetY) / 2;
  const down = `C${sourceX} ${sourceY + BULGE} ${side} ${sourceY + BULGE} ${side} ${middle}`;
  const over = `C${side} ${targetY - BULGE} ${targetX} ${targetY - BULGE} ${targetX} ${targetY}`;
  return [`M${sourceX} ${sourceY} ${down} ${over}`, side, middle];
}
