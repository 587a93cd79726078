/** The small map of the whole flow. React Flow's own asks each of its boxes again at every frame of a drag, which costs
 * most of the frame with hundreds of them; here all cards are one path, drawn anew when the store's places change. */

import { Panel, type ReactFlowState, useReactFlow, useStore } from "@xyflow/react";
import { type PointerEvent, useMemo } from "react";
import { around, type Box, boxesPath, mapView } from "../model/small_map";
import { useEditor } from "../store";
import { sizeIn } from "../store/sizes";
import { t } from "../words";

const MAP = { width: 200, height: 150 };

const isSame = (one: Box, other: Box) =>
  one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;

/** The part of the canvas that is seen. */
function seen({ transform: [x, y, zoom], width, height }: ReactFlowState): Box {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

function useBoxes() {
  const places = useEditor((s) => s.places);
  const document = useEditor((s) => s.document);
  const check = useEditor((s) => s.check);
  const types = useEditor((s) => s.types);
  const selection = useEditor((s) => s.selection);
  return useMemo(() => {
    const size = sizeIn(document, check, types);
    const chosen = new Set(selection);
    const boxes = Object.keys(document.nodes).flatMap((name) => {
      const at = places[name];
      return at ? [{ name, x: at[0], y: at[1], ...size(name) }] : [];
    });
    return {
      whole: around(boxes),
      rest: boxesPath(boxes.filter(({ name }) => !chosen.has(name))),
      chosen: boxesPath(boxes.filter(({ name }) => chosen.has(name))),
    };
  }, [places, document, check, types, selection]);
}

export function SmallMap() {
  const { whole, rest, chosen } = useBoxes();
  const window_ = useStore(seen, isSame);
  const { setCenter, getZoom } = useReactFlow();
  const view = mapView(whole ?? window_, window_, MAP);
  const go = (event: PointerEvent<SVGSVGElement>) => {
    if (!event.buttons) return;
    const box = event.currentTarget.getBoundingClientRect();
    const x = view.x + ((event.clientX - box.x) / box.width) * view.width;
    const y = view.y + ((event.clientY - box.y) / box.height) * view.height;
    void setCenter(x, y, { zoom: getZoom() });
  };
  return (
    <Panel position="bottom-right" className="react-flow__minimap fe-map">
      <svg
        width={MAP.width}
        height={MAP.height}
        viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
        role="img"
        aria-label={t("Small map of the whole flow")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={go}
      >
        <path className="fe-map-card" d={rest} />
        <path className="fe-map-chosen" d={chosen} />
        <rect className="fe-map-seen" {...window_} />
      </svg>
    </Panel>
  );
}
