/** Find a node by text, name, type or what it says, and go there. */

import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { type Found, find } from "../model/search";
import { useEditor } from "../store";
import { kindOf } from "../store/sizes";
import { inLanguage, t } from "../words";
import { Icon } from "./Icon";

const MOST = 50;

export function Finder() {
  const finding = useEditor((s) => s.finding);
  return finding ? <FinderBox /> : null;
}

function FinderBox() {
  const document_ = useEditor((s) => s.document);
  const types = useEditor((s) => s.types);
  const { setFinding, focusField } = useEditor.getState();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const found = useMemo(
    () => find(document_, query, (type) => Object.values(kindOf(types, type)?.title ?? {}).join(" ")),
    [document_, types, query],
  );
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) setFinding(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [setFinding]);
  const shown = found.slice(0, MOST);
  const go = (hit: Found | undefined, close: boolean) => {
    if (!hit) return;
    if (close) setFinding(false);
    if (close) focusField(hit.node, hit.field);
    else useEditor.getState().select([hit.node], { reveal: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setFinding(false);
    else if (event.key === "Enter") go(shown[at], true);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = Math.min(shown.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)));
      setAt(next);
      go(shown[next], false);
      document.getElementById(`fe-hit-${next}`)?.scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="fe-finder" ref={box}>
      <input
        type="search"
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls="fe-hits"
        aria-activedescendant={shown[at] ? `fe-hit-${at}` : undefined}
        aria-label={t("Find a node by text, name or type")}
        placeholder={t("Find a node by text, name or type")}
        autoFocus
        value={query}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
      />
      <div className="fe-hits" id="fe-hits" role="listbox" aria-label={t("Nodes found")} hidden={!shown.length}>
        {shown.map((hit, place) => (
          <Hit key={hit.node} hit={hit} place={place} active={place === at} onGo={() => go(hit, true)} />
        ))}
      </div>
      {query ? (
        <p className="muted small" role="status">
          {found.length ? t("{count} nodes found", { count: found.length }) : t("No node has these words.")}
        </p>
      ) : null}
    </search>
  );
}

function Hit({ hit, place, active, onGo }: { hit: Found; place: number; active: boolean; onGo(): void }) {
  const node = useEditor((s) => s.document.nodes[hit.node]);
  const types = useEditor((s) => s.types);
  if (!node) return null;
  const kind = kindOf(types, node.type);
  return (
    <div
      id={`fe-hit-${place}`}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={`fe-hit group-${kind?.group}`}
      onClick={onGo}
    >
      <span className="fe-kind">
        <Icon paths={kind?.icon} />
      </span>
      <span className="fe-names">
        <strong>{node.label || hit.node}</strong>
        <span>{hit.excerpt || `${inLanguage(kind?.title)} · ${hit.node}`}</span>
      </span>
    </div>
  );
}
