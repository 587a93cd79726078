/** The flow as a table: the same powers as the drawing, without dragging. */

import { useEffect, useMemo, useState } from "react";
import { find } from "../model/search";
import { useEditor } from "../store";
import { kindOf } from "../store/sizes";
import { t } from "../words";
import { Icon } from "./Icon";
import { ListNotes } from "./ListNotes";
import { ListRow } from "./ListRow";

const AT_ONCE = 120;

export function ListView() {
  const document_ = useEditor((s) => s.document);
  const types = useEditor((s) => s.types);
  const readOnly = useEditor((s) => s.readOnly);
  const reveal = useEditor((s) => s.reveal);
  const { setChoosing } = useEditor.getState();
  const [query, setQuery] = useState("");
  const [shown, setShown] = useState(AT_ONCE);
  const all = useMemo(() => Object.keys(document_.nodes), [document_.nodes]);
  const names = useMemo(() => {
    if (!query.trim()) return all;
    const title = (type: string) => Object.values(kindOf(types, type)?.title ?? {}).join(" ");
    const hits = new Set(find(document_, query, title).map((hit) => hit.node));
    return all.filter((name) => hits.has(name));
  }, [all, document_, query, types]);

  // A wish is followed once, when it is made.
  useEffect(() => {
    const name = reveal?.nodes[0];
    if (!name) return;
    setQuery((before) => (names.includes(name) ? before : ""));
    setShown((before) => Math.max(before, all.indexOf(name) + 1));
    requestAnimationFrame(() => document.getElementById(`fe-row-${name}`)?.scrollIntoView({ block: "nearest" }));
  }, [reveal]);

  return (
    <div className="fe-list">
      <div className="fe-list-head">
        <input
          type="search"
          value={query}
          placeholder={t("Filter by text, name or type")}
          aria-label={t("Filter by text, name or type")}
          onChange={(event) => setQuery(event.target.value)}
        />
        <span className="muted small" role="status">
          {query
            ? t("{count} of {all} nodes", { count: names.length, all: all.length })
            : t("{count} nodes", { count: all.length })}
        </span>
        {readOnly ? null : (
          <button type="button" className="primary" onClick={() => setChoosing({ place: null, screen: null })}>
            <Icon name="add" />
            {t("Add a node")}
          </button>
        )}
      </div>
      <table className="fe-table">
        <caption className="visually-hidden">{t("Nodes of the flow")}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("Select")}</span>
            </th>
            <th scope="col">{t("Node")}</th>
            <th scope="col">{t("Says")}</th>
            <th scope="col">{t("Exits")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("Actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {names.slice(0, shown).map((name) => (
            <ListRow key={name} name={name} />
          ))}
        </tbody>
      </table>
      {names.length > shown ? (
        <button type="button" className="fe-more" onClick={() => setShown(shown + 4 * AT_ONCE)}>
          {t("Show {count} more", { count: Math.min(4 * AT_ONCE, names.length - shown) })}
        </button>
      ) : null}
      {all.length ? null : (
        <p className="empty">{t("This flow has no nodes yet. Add the first one: a call begins there.")}</p>
      )}
      <ListNotes />
    </div>
  );
}
