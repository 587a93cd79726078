import { useEffect, useMemo, useRef, useState } from "react";
import { language } from "../api";
import type { Conflict } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { ChangeList, ClashList } from "./ConflictParts";
import "./form.css";
import { allDecided, type Side, settle, threeWay } from "./three_way";

/** Somebody saved first: what they changed, what you changed, and what both did. Nothing is overwritten unasked. */
export function ConflictDialog() {
  const conflict = useEditor((state) => (state.saveState === "conflict" ? state.conflict : null));
  const [later, setLater] = useState<Conflict | null>(null);
  if (!conflict) return null;
  if (later === conflict) {
    return (
      <div className="form-conflict-bar notice warning" role="status">
        <span>
          {t("{who} saved this flow too. Your changes are kept on this device until you decide.", {
            who: conflict.updated_by,
          })}
        </span>
        <button type="button" className="small primary" onClick={() => setLater(null)}>
          {t("Compare")}
        </button>
      </div>
    );
  }
  return <Comparison key={conflict.revision} conflict={conflict} later={() => setLater(conflict)} />;
}

function Comparison({ conflict, later }: { conflict: Conflict; later: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const base = useEditor((state) => state.base);
  const mine = useEditor((state) => state.document);
  const found = useMemo(() => threeWay(base, mine, conflict.theirs), [base, mine, conflict]);
  const [choices, setChoices] = useState<Record<string, Side>>({});
  const { keepMine, takeTheirs } = useEditor.getState();
  // The browser's own modal dialog holds the keyboard inside and closes by Escape.
  useEffect(() => {
    dialog.current?.showModal();
    // Whoever is typing just then must not choose a side by accident.
    title.current?.focus();
  }, []);
  const ready = allDecided(found, choices);
  const all = (side: Side) => setChoices(Object.fromEntries(found.clashes.map(({ id }) => [id, side])));
  return (
    <dialog
      ref={dialog}
      className="form-conflict"
      aria-labelledby="form-conflict-title"
      onCancel={(event) => {
        event.preventDefault();
        later();
      }}
    >
      <h2 id="form-conflict-title" ref={title} tabIndex={-1}>
        {t("{who} saved this flow while you worked on it", { who: conflict.updated_by || t("Somebody") })}
      </h2>
      <p className="muted">{summary(conflict, found.clashes.length)}</p>
      <div className="form-conflict-body">
        {found.clashes.length > 0 && (
          <ClashList
            clashes={found.clashes}
            choices={choices}
            choose={(id, side) => setChoices({ ...choices, [id]: side })}
            all={all}
          />
        )}
        <ChangeList title={t("Changed by you")} changes={found.mine} side="mine" />
        <ChangeList
          title={t("Changed by {who}", { who: conflict.updated_by || t("the other side") })}
          changes={found.theirs}
          side="theirs"
        />
      </div>
      {!ready && (
        <p className="small muted">{t("Choose a side for each place that both changed to save the merged flow.")}</p>
      )}
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={!ready}
          onClick={() => keepMine(settle(found, choices), conflict.revision)}
        >
          {t("Save the merged flow")}
        </button>
        <button type="button" onClick={() => takeTheirs(conflict.theirs, conflict.revision)}>
          {t("Take theirs")}
        </button>
        <button type="button" className="quiet" onClick={later}>
          {t("Keep editing, decide later")}
        </button>
      </div>
    </dialog>
  );
}

function summary(conflict: Conflict, clashes: number): string {
  const at = new Date(conflict.updated_at);
  const time = Number.isNaN(at.getTime())
    ? ""
    : at.toLocaleTimeString(language() === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });
  const told =
    clashes === 0
      ? t("You changed different places, so both are taken over.")
      : clashes === 1
        ? t("One place was changed by both. Choose a side; everything else is taken over.")
        : t("{count} places were changed by both. Choose for each; everything else is taken over.", { count: clashes });
  return time ? `${t("Saved at {time}.", { time })} ${told}` : told;
}
