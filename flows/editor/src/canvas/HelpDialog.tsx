/** What the keyboard can do. */

import { useEffect, useRef } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { SHORTCUTS } from "./shortcuts";
import { hasSingleKeys, keepSingleKeys } from "./single_keys";

export function HelpDialog() {
  const helping = useEditor((s) => s.helping);
  return helping ? <Help /> : null;
}

function Help() {
  const { setHelping } = useEditor.getState();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog className="fe-help" ref={box} aria-labelledby="fe-help-title" onClose={() => setHelping(false)}>
      <h2 id="fe-help-title">{t("Keyboard shortcuts")}</h2>
      <dl className="facts">
        {SHORTCUTS.filter(({ told }) => told).map(({ deed, keys, told }) => (
          <div key={deed}>
            <dt>
              {keys.slice(0, 2).map((key) => (
                <kbd key={key}>{written(key)}</kbd>
              ))}
            </dt>
            <dd>{t(told)}</dd>
          </div>
        ))}
      </dl>
      <p className="muted small">
        {t(
          "With the mouse: drag an exit to a node or to empty canvas; double click empty canvas for the palette; drag on empty canvas to select; scroll or drag with the middle or right button to move about; Ctrl and scroll to zoom.",
        )}
      </p>
      <label className="check">
        <input
          type="checkbox"
          defaultChecked={hasSingleKeys()}
          onChange={(event) => keepSingleKeys(event.target.checked)}
        />
        <span>{t("Single-key shortcuts on this device")}</span>
      </label>
      <form method="dialog">
        <button type="submit" className="primary">
          {t("Close")}
        </button>
      </form>
    </dialog>
  );
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Mod: "Ctrl",
  Escape: "Esc",
};

function written(keys: string): string {
  if (keys === "+") return keys;
  return keys
    .split("+")
    .map((key) => SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(" ");
}
