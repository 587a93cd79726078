/** Keeps React Flow's cards and wires as the store has them, without drawing the canvas anew. */

import { useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { useEditor } from "../store";
import { type Part, partsOf, type Wire, wiresOf } from "./flow_parts";

/** React Flow keeps its own parts, and a drag changes them there; whatever changes in the store is put beside them. */
export function Following() {
  const drawing = useStoreApi<Part, Wire>();
  const document = useEditor((s) => s.document);
  const check = useEditor((s) => s.check?.exits);
  const places = useEditor((s) => s.places);
  const selection = useEditor((s) => s.selection);
  const selectedNotes = useEditor((s) => s.selectedNotes);
  useEffect(() => {
    const { nodes, setNodes } = drawing.getState();
    const parts = partsOf(useEditor.getState(), nodes);
    if (parts !== nodes) setNodes(parts);
  }, [drawing, document, check, places, selection, selectedNotes]);
  useEffect(() => {
    const { edges, setEdges } = drawing.getState();
    const wires = wiresOf(useEditor.getState().document, useEditor.getState(), edges);
    if (wires !== edges) setEdges(wires);
  }, [drawing, document.nodes, check]);
  return null;
}
