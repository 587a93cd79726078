/** The palette where it was asked for: at a spot of the canvas, or in the middle. */

import { type CSSProperties, useEffect, useRef } from "react";
import { useEditor } from "../store";
import type { Choosing } from "../store/state";
import { t } from "../words";
import { PaletteList } from "./PaletteList";

const WIDTH = 300;
const HEIGHT = 420;

export function ChoosingPopup() {
  const choosing = useEditor((s) => s.choosing);
  return choosing ? <Popup choosing={choosing} /> : null;
}

function Popup({ choosing }: { choosing: Choosing }) {
  const { setChoosing, addNode, focusField } = useEditor.getState();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const outside = (event: PointerEvent) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) setChoosing(null);
    };
    const close = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopImmediatePropagation();
      setChoosing(null);
    };
    document.addEventListener("pointerdown", outside, true);
    window.addEventListener("keydown", close, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("keydown", close, true);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, [setChoosing]);
  const take = (type: string) => {
    const { place, from } = choosing;
    const name = addNode(type, { ...(place ? { x: place[0], y: place[1] } : {}), ...(from ? { from } : {}) });
    setChoosing(null);
    if (name && window.innerWidth > 720) focusField(name, choosing.screen ? "" : "label");
  };
  const title = choosing.from ? t("Add a node to this exit") : t("Add a node");
  return (
    <dialog className="fe-choosing" open ref={box} aria-label={title} style={spot(choosing)}>
      <h2>{title}</h2>
      <PaletteList onTake={take} eager told />
    </dialog>
  );
}

/** Beside the spot, but within the window. */
function spot({ screen }: Choosing): CSSProperties {
  const [x, y] = screen ?? [window.innerWidth / 2 - WIDTH / 2, window.innerHeight / 5];
  return {
    ["--fe-left" as string]: `${Math.max(8, Math.min(x, window.innerWidth - WIDTH - 8))}px`,
    ["--fe-down" as string]: `${Math.max(8, Math.min(y, window.innerHeight - HEIGHT - 8))}px`,
  };
}
