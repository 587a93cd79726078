/** Bringing nodes into view when something elsewhere leads to them. */

import type { ReactFlowInstance } from "@xyflow/react";
import { type RefObject, useEffect } from "react";
import { useEditor } from "../store";
import type { Part, Wire } from "./flow_parts";

const SMALLEST_ZOOM = 0.6;

/** Follows the store's wishes: one node comes to the middle, several are fitted. What is in view stays put. */
export function useReveal(flow: RefObject<ReactFlowInstance<Part, Wire> | null>): void {
  const reveal = useEditor((s) => s.reveal);
  useEffect(() => {
    if (!reveal?.nodes.length) return;
    const frame = requestAnimationFrame(() => {
      const canvas = flow.current;
      if (!canvas) return;
      const [name] = reveal.nodes;
      if (reveal.nodes.length === 1 && name) centre(canvas, name);
      else void canvas.fitView({ nodes: reveal.nodes.map((id) => ({ id })), padding: 0.12, maxZoom: 1, duration: 200 });
    });
    return () => cancelAnimationFrame(frame);
  }, [reveal, flow]);
}

function centre(canvas: ReactFlowInstance<Part, Wire>, name: string): void {
  const node = canvas.getInternalNode(name);
  const box = document.querySelector(".fe-main")?.getBoundingClientRect();
  if (!node || !box) return;
  const width = node.measured.width ?? 0;
  const height = node.measured.height ?? 0;
  const { x, y } = node.internals.positionAbsolute;
  const zoom = canvas.getZoom();
  const from = canvas.flowToScreenPosition({ x, y });
  const to = canvas.flowToScreenPosition({ x: x + width, y: y + height });
  const inView = from.x >= box.left && from.y >= box.top && to.x <= box.right && to.y <= box.bottom;
  if (inView && zoom >= SMALLEST_ZOOM / 2) return;
  void canvas.setCenter(x + width / 2, y + height / 2, { zoom: Math.max(zoom, SMALLEST_ZOOM), duration: 200 });
}
