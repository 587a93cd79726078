/** What the overlay shows, and the way out of it. */

import { useEditor } from "../store";
import { t } from "../words";
import { Icon } from "./Icon";
import { legend } from "./overlays";

export function OverlayLegend() {
  const overlay = useEditor((s) => s.overlay);
  const { setOverlay } = useEditor.getState();
  const words = legend(overlay);
  if (!words) return null;
  return (
    <div className={`fe-legend ${overlay.kind}`} role="status">
      {overlay.kind === "heat" ? <i className="fe-scale" aria-hidden="true" /> : null}
      <span>{words}</span>
      <button
        type="button"
        className="quiet small fe-tool"
        aria-label={t("Hide these marks")}
        title={t("Hide these marks")}
        onClick={() => setOverlay({ kind: "none" })}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
