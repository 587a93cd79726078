/** The palette beside the canvas: types are dragged from it, or taken with a click. */

import { useEditor } from "../store";
import { t } from "../words";
import { canvasActions } from "./canvas_actions";
import { PaletteList } from "./PaletteList";

export function Palette() {
  const readOnly = useEditor((s) => s.readOnly);
  const take = (type: string) => {
    const place = canvasActions.freePlace();
    useEditor.getState().addNode(type, place ? { x: place[0], y: place[1] } : {});
  };
  if (readOnly) return null;
  return (
    <aside className="fe-palette" aria-label={t("Node types")}>
      <PaletteList onTake={take} />
    </aside>
  );
}
