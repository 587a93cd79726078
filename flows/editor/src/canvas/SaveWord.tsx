/** Whether the draft is with the desk, in words. */

import type { EditorState } from "../store";
import { useEditor } from "../store";
import { t } from "../words";

export function SaveWord() {
  const state = useEditor((s) => s.saveState);
  const error = useEditor((s) => s.saveError);
  const readOnly = useEditor((s) => s.readOnly);
  const isDraft = useEditor((s) => s.revision > 0);
  if (readOnly) return <span className="chip plain">{t("Read only")}</span>;
  const [word, tone] = wordFor(state, isDraft);
  return (
    <span className={`fe-save chip ${error ? "red" : tone}`} role="status" title={error}>
      {error && state !== "offline" ? t("Not saved: {why}", { why: error }) : word}
    </span>
  );
}

function wordFor(state: EditorState["saveState"], isDraft: boolean): [string, string] {
  switch (state) {
    case "saved":
      return isDraft ? [t("Draft saved"), "green"] : [t("As published"), ""];
    case "saving":
      return [t("Saving …"), "blue"];
    case "dirty":
      return [t("Not saved yet"), "amber hollow"];
    case "offline":
      return [t("Offline, kept on this device"), "amber"];
    case "conflict":
      return [t("Somebody else saved first"), "red"];
  }
}
