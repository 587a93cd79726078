/** The tabs of the side panel. Pressing the open one closes the panel. */

import { type KeyboardEvent, useRef } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { Icon } from "./Icon";
import { PANELS } from "./panel_list";

export function Rail() {
  const panel = useEditor((s) => s.panel);
  const errors = useEditor((s) => s.check?.errors ?? 0);
  const { setPanel } = useEditor.getState();
  const rail = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const tabs = [...(rail.current?.querySelectorAll<HTMLElement>("[role=tab]") ?? [])];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    tabs[(at + by + tabs.length) % tabs.length]?.focus();
  };
  return (
    <div
      className="fe-rail"
      role="tablist"
      aria-label={t("Panels")}
      aria-orientation="vertical"
      ref={rail}
      onKeyDown={onKeyDown}
    >
      {PANELS.map(({ key, word }, place) => (
        <button
          key={key}
          type="button"
          role="tab"
          id={`fe-tab-${key}`}
          className={`quiet ${key}`}
          aria-selected={panel === key}
          aria-controls={panel === key ? "fe-panel" : undefined}
          tabIndex={panel === key || (panel === null && place === 0) ? 0 : -1}
          onClick={() => setPanel(panel === key ? null : key)}
        >
          <Icon name={key} />
          <span>{t(word)}</span>
          {key === "problems" && errors ? <b className="fe-dot">{errors > 99 ? "99+" : errors}</b> : null}
        </button>
      ))}
    </div>
  );
}
