/** The whole editor: bar, palette, drawing or list, panel. */

import type { DragEvent } from "react";
import { Announcer } from "./canvas/Announcer";
import { Canvas } from "./canvas/Canvas";
import { ChoosingPopup } from "./canvas/ChoosingPopup";
import { canvasActions } from "./canvas/canvas_actions";
import { Finder } from "./canvas/Finder";
import { HelpDialog } from "./canvas/HelpDialog";
import { useKeyboard } from "./canvas/keyboard";
import { ListView } from "./canvas/ListView";
import { OverlayLegend } from "./canvas/OverlayLegend";
import { Palette } from "./canvas/Palette";
import { DRAGGED_TYPE } from "./canvas/PaletteList";
import { Rail } from "./canvas/Rail";
import { SidePanel } from "./canvas/SidePanel";
import { Toolbar } from "./canvas/Toolbar";
import { ConflictDialog } from "./form/ConflictDialog";
import { useEditor } from "./store";
import { t } from "./words";
import "./canvas/canvas.css";
import "./canvas/palette.css";
import "./canvas/floating.css";
import "./canvas/drawing.css";
import "./canvas/cards.css";
import "./canvas/marks.css";
import "./canvas/list.css";
import "./canvas/narrow.css";

export function App() {
  useKeyboard();
  const view = useEditor((s) => s.view);
  const panel = useEditor((s) => s.panel);
  const conflict = useEditor((s) => s.conflict);
  return (
    <div className={`fe-app fe-${view}-view${panel ? " fe-with-panel" : ""}`}>
      <Toolbar />
      {view === "canvas" ? <Palette /> : null}
      {/* The page has its own main element. */}
      <div
        className="fe-main"
        role="region"
        aria-label={view === "canvas" ? t("Drawing of the flow") : t("List of the flow")}
        onDragOver={allowDrop}
        onDrop={drop}
      >
        {view === "canvas" ? <Canvas /> : <ListView />}
        <OverlayLegend />
        <Finder />
        <Announcer />
      </div>
      <SidePanel />
      <Rail />
      <ChoosingPopup />
      <HelpDialog />
      {conflict ? <ConflictDialog /> : null}
    </div>
  );
}

function allowDrop(event: DragEvent): void {
  if (!event.dataTransfer.types.includes(DRAGGED_TYPE)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
}

function drop(event: DragEvent): void {
  const type = event.dataTransfer.getData(DRAGGED_TYPE);
  if (!type) return;
  event.preventDefault();
  const at = canvasActions.at(event.clientX, event.clientY);
  useEditor.getState().addNode(type, at ? { x: Math.round(at.x - 112), y: Math.round(at.y - 20) } : {});
}
