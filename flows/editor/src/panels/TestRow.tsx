import { useState } from "react";
import type { SavedTest } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { Confirm } from "./Confirm";
import { originWord } from "./outcome_words";
import { TestEditor } from "./TestEditor";
import { resultOf, type Standing, standing } from "./test_summary";
import { useTests } from "./tests";
import { useTryout } from "./tryout";

/** One saved test: how it went, why not, and what can be done with it. */
export function TestRow({ test }: { test: SavedTest }) {
  const mayEdit = useEditor((state) => state.opening.may_edit);
  const { run, busy, runTests, remove } = useTests();
  const [editing, setEditing] = useState(false);
  const result = resultOf(run, test.id);
  const open = () => {
    useTryout.getState().open(test, result);
    useEditor.getState().setPanel("try");
  };
  return (
    <li className="test-row">
      <div className="test-head">
        <Verdict standing={standing(run, test.id)} />
        <strong className="test-name">{test.name}</strong>
      </div>
      {result && !result.passed && (
        <ul className="test-failures">
          {result.failures.map((failure) => (
            <li key={`${failure.step} ${failure.message}`}>{failure.message}</li>
          ))}
        </ul>
      )}
      <div className="test-actions">
        <button type="button" className="quiet small" onClick={open}>
          {t("Open in Try")}
        </button>
        <button type="button" className="quiet small" disabled={busy !== ""} onClick={() => void runTests([test.id])}>
          {t("Run")}
        </button>
        {mayEdit && (
          <>
            <button
              type="button"
              className="quiet small"
              aria-expanded={editing}
              onClick={() => setEditing(!editing)}
              aria-label={t("Edit “{name}”", { name: test.name })}
            >
              {t("Edit")}
            </button>
            <Confirm
              label={t("Delete")}
              question={t("Delete “{name}”?", { name: test.name })}
              verb={t("Delete it")}
              onConfirm={() => void remove(test.id)}
            />
          </>
        )}
        <span className="muted small test-origin">{originWord(test.origin)}</span>
      </div>
      {editing && <TestEditor id={test.id} name={test.name} yaml={test.yaml} onDone={() => setEditing(false)} />}
    </li>
  );
}

function Verdict({ standing: how }: { standing: Standing }) {
  if (how === "passed") return <span className="chip green">{t("passed")}</span>;
  if (how === "failed") return <span className="chip red up">{t("failed")}</span>;
  return <span className="chip hollow">{t("not run")}</span>;
}
