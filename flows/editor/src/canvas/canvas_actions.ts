/** What keys and buttons outside the drawing ask of it. Without a drawing (in the list) they do what they can. */

import type { ReactFlowInstance } from "@xyflow/react";
import type { MouseEvent } from "react";
import { CARD_WIDTH } from "../model/geometry";
import type { Place } from "../model/operations";
import { useEditor } from "../store";
import type { Part, Wire } from "./flow_parts";

let canvas: ReactFlowInstance<Part, Wire> | null = null;

/** The drawing that is shown, null when it is gone. */
export function setCanvas(instance: ReactFlowInstance<Part, Wire> | null): void {
  canvas = instance;
}

function middle(): { x: number; y: number } {
  const box = document.querySelector(".fe-main")?.getBoundingClientRect();
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 3 } : { x: 0, y: 0 };
}

function choose(clientX: number, clientY: number, from?: { node: string; exit: string }): void {
  const at = canvas?.screenToFlowPosition({ x: clientX, y: clientY }) ?? { x: 0, y: 0 };
  const place = [Math.round(at.x - CARD_WIDTH / 2), Math.round(at.y)] as const;
  useEditor.getState().setChoosing({ place, screen: [clientX, clientY], ...(from ? { from } : {}) });
}

export const canvasActions = {
  /** The palette at a point of the window. */
  choose,

  /** A double click on empty canvas. */
  addHere(event: MouseEvent): void {
    if ((event.target as Element).closest(".react-flow__pane")) choose(event.clientX, event.clientY);
  },

  /** The canvas's coordinates of a point of the window, null without a drawing. */
  at(clientX: number, clientY: number): { x: number; y: number } | null {
    return canvas?.screenToFlowPosition({ x: clientX, y: clientY }) ?? null;
  },

  /** The coordinates of the middle of what is seen, null without a drawing. */
  centre(): { x: number; y: number } | null {
    return canvas?.screenToFlowPosition(middle()) ?? null;
  },

  /** A place for a new card in the middle of what is seen, aside of those that lie there; null without a drawing. */
  freePlace(): Place | null {
    const at = canvasActions.centre();
    if (!at) return null;
    const { places, document: flow } = useEditor.getState();
    const corners = Object.keys(flow.nodes).flatMap((name) => (places[name] ? [places[name]] : []));
    let [x, y] = [Math.round(at.x - CARD_WIDTH / 2), Math.round(at.y)];
    while (corners.some(([left, top]) => Math.abs(left - x) < 40 && Math.abs(top - y) < 40)) {
      x += 48;
      y += 48;
    }
    return [x, y];
  },

  fit(): void {
    void canvas?.fitView({ padding: 0.08, maxZoom: 1, duration: 200 });
  },

  zoom(by: "in" | "out"): void {
    void (by === "in" ? canvas?.zoomIn({ duration: 120 }) : canvas?.zoomOut({ duration: 120 }));
  },

  addNote(): void {
    const at = canvasActions.centre() ?? { x: 0, y: 0 };
    useEditor.getState().addNote(at.x - 100, at.y - 60);
  },

  /** Wires that are selected in the drawing; the store does not know them. */
  chosenWires(): readonly Wire[] {
    return canvas?.getEdges().filter((wire) => wire.selected) ?? [];
  },
};
