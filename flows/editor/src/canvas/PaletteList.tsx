/** The searchable list of node types: arrows go through it, Enter takes one. */

import { type DragEvent, type KeyboardEvent, useMemo, useRef, useState } from "react";
import type { NodeType } from "../model/types";
import { useEditor } from "../store";
import { inLanguage, t } from "../words";
import { Icon } from "./Icon";
import { paletteGroups } from "./palette_groups";

export const DRAGGED_TYPE = "application/x-ringback-node-type";

interface Props {
  onTake(type: string): void;
  /** The field has the keyboard from the start. */
  eager?: boolean;
  /** With a line on what each type is for. */
  told?: boolean;
}

export function PaletteList({ onTake, eager = false, told = false }: Props) {
  const types = useEditor((s) => s.types);
  const [query, setQuery] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => paletteGroups(types, query), [types, query]);
  const first = groups[0]?.types[0];

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && first) {
      event.preventDefault();
      onTake(first.type);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(list.current, event.key === "ArrowDown" ? 1 : -1);
    }
  };

  return (
    // It only passes on the arrow keys of what it holds.
    <div className="fe-palette-list" ref={list} onKeyDown={onKeyDown}>
      <input
        type="search"
        // The palette was asked for, and typing is what comes next.
        autoFocus={eager}
        value={query}
        placeholder={t("Search node types")}
        aria-label={t("Search node types")}
        onChange={(event) => setQuery(event.target.value)}
      />
      {groups.map((group) => (
        <div key={group.key} className={`group-${group.key}`}>
          <h2>{group.title}</h2>
          <ul aria-label={group.title}>
            {group.types.map((type) => (
              <li key={type.type}>
                <TypeButton type={type} told={told} onTake={onTake} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      {groups.length ? null : <p className="muted">{t("No node type has these words.")}</p>}
    </div>
  );
}

function TypeButton({ type, told, onTake }: { type: NodeType; told: boolean; onTake(type: string): void }) {
  const summary = inLanguage(type.summary);
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData(DRAGGED_TYPE, type.type);
    event.dataTransfer.effectAllowed = "copy";
  };
  return (
    <button
      type="button"
      className="fe-type quiet"
      draggable
      onDragStart={drag}
      onClick={() => onTake(type.type)}
      title={summary}
    >
      <span className="fe-kind">
        <Icon paths={type.icon} />
      </span>
      <span className="fe-type-words">
        <span>{inLanguage(type.title)}</span>
        {told ? <small>{summary}</small> : null}
      </span>
    </button>
  );
}

/** The keyboard's focus to the next or previous of the list's fields and buttons. */
function step(list: HTMLElement | null, by: 1 | -1): void {
  const stops = [...(list?.querySelectorAll<HTMLElement>("input, button") ?? [])];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.min(stops.length - 1, Math.max(0, at + by))]?.focus();
}
