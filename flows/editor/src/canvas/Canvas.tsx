/** The drawing: cards and wires on React Flow. During a drag the places live in React Flow alone; the store learns them
 * when the drag ends, so that a frame costs no more than the cards that move. */

import {
  Background,
  Controls,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
  type Viewport,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useEditor } from "../store";
import { sizeIn } from "../store/sizes";
import { t } from "../words";
import { canvasActions, setCanvas } from "./canvas_actions";
import { type Part, partsOf, type Wire, wiresOf } from "./flow_parts";
import { chosen, cut, dragStopped, dropped, openForm, rewire, selectionStopped, wire } from "./gestures";
import { NodeCard } from "./NodeCard";
import { NoteCard } from "./NoteCard";
import { openingView } from "./opening_view";
import { useReveal } from "./reveal";
import { Following } from "./Following";
import { SmallMap } from "./SmallMap";
import { WireEdge } from "./WireEdge";

const NODE_TYPES = { card: NodeCard, note: NoteCard };
const EDGE_TYPES = { wire: WireEdge };
const FIT = { padding: 0.08, maxZoom: 1, duration: 0 };

export function Canvas() {
  const readOnly = useEditor((s) => s.readOnly);
  const flow = useRef<ReactFlowInstance<Part, Wire> | null>(null);
  const [first] = useState(() => ({
    parts: partsOf(useEditor.getState(), []),
    wires: wiresOf(useEditor.getState().document, useEditor.getState(), []),
  }));
  useReveal(flow);

  const onInit = useCallback((instance: ReactFlowInstance<Part, Wire>) => {
    flow.current = instance;
    setCanvas(instance);
    void instance.setViewport(lastView ?? firstView());
  }, []);
  useEffect(() => () => setCanvas(null), []);
  const labels = useMemo(
    () => ({
      "node.a11yDescription.default": t("Press Enter to open its form, arrow keys to move it, Delete to remove it."),
      "minimap.ariaLabel": t("Small map of the whole flow"),
      "controls.ariaLabel": t("Zoom"),
      "controls.zoomIn.ariaLabel": t("Zoom in"),
      "controls.zoomOut.ariaLabel": t("Zoom out"),
      "controls.fitView.ariaLabel": t("Show all"),
    }),
    [],
  );

  return (
    <ReactFlow<Part, Wire>
      defaultNodes={first.parts}
      defaultEdges={first.wires}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onInit={onInit}
      onNodesChange={selected}
      onNodeDragStop={dragStopped}
      onSelectionDragStop={selectionStopped}
      onNodeDoubleClick={openForm}
      onConnect={wire}
      onConnectEnd={dropped}
      onReconnect={rewire}
      onEdgesDelete={cut}
      onDoubleClick={canvasActions.addHere}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      edgesReconnectable={!readOnly}
      edgesFocusable={false}
      deleteKeyCode={null}
      disableKeyboardA11y
      selectionOnDrag={!IS_TOUCH}
      selectionMode={SelectionMode.Partial}
      panOnDrag={IS_TOUCH ? true : PAN_BUTTONS}
      panOnScroll
      zoomOnDoubleClick={false}
      multiSelectionKeyCode={MULTI_KEYS}
      onlyRenderVisibleElements
      elevateNodesOnSelect
      connectionRadius={36}
      minZoom={0.05}
      maxZoom={2}
      onMoveEnd={keepView}
      ariaLabelConfig={labels}
      proOptions={PRO}
    >
      <Following />
      <Furniture />
    </ReactFlow>
  );
}

/** What the hand selects, told to the store. */
function selected(changes: NodeChange<Part>[]): void {
  const choices = changes.filter((change) => change.type === "select");
  if (choices.length) chosen(choices.map(({ id, selected: on }) => [id, on] as const));
}

/** What does not change while cards move; drawn once. */
const Furniture = memo(function Furniture() {
  return (
    <>
      <svg className="fe-defs" aria-hidden="true">
        <defs>
          <marker
            id="fe-arrow"
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0 L8 4 L0 8 z" />
          </marker>
        </defs>
      </svg>
      <Background gap={22} size={1.4} color="var(--dots)" />
      <Controls showInteractive={false} fitViewOptions={FIT} />
      <SmallMap />
    </>
  );
});

const PRO = { hideAttribution: true };
/** A finger on empty canvas moves it; a mouse there selects. */
const IS_TOUCH = window.matchMedia("(pointer: coarse)").matches;
const PAN_BUTTONS = [1, 2];
const MULTI_KEYS = ["Shift", "Control", "Meta"];

/** What was seen when the drawing was left for the list, so that it comes back as it was. */
let lastView: Viewport | null = null;

function keepView(_event: unknown, viewport: Viewport): void {
  lastView = viewport;
}

function firstView(): Viewport {
  const { document: flow, places, check, types } = useEditor.getState();
  const { clientWidth: width = 800, clientHeight: height = 600 } = document.querySelector(".fe-main") ?? {};
  return openingView(places, sizeIn(flow, check, types), Object.keys(flow.nodes), flow.start, { width, height });
}
