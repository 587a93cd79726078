import { useEffect, useState } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { CoverageView } from "./CoverageView";
import { Proposed } from "./Proposed";
import { Refusal } from "./Refusal";
import { TestEditor } from "./TestEditor";
import { TestRow } from "./TestRow";
import { freeName, ordered, tally } from "./test_summary";
import { useTests } from "./tests";
import "./panels.css";

const BLANK = "steps:\n- hear: welcome\n- press: '1'\nexpect:\n  tickets: 0\n";

/** Saved tests: what must go well before the flow is published, and what none of them tries. */
export function TestsPanel() {
  const mayEdit = useEditor((state) => state.opening.may_edit);
  const document = useEditor((state) => state.document);
  const { loaded, tests, run, ranOn, whole, busy, error, load, runTests } = useTests();
  const [adding, setAdding] = useState(false);
  useEffect(() => void load(), [load]);
  const { passed, failed } = tally(tests, run);
  return (
    <section className="panel tests" aria-label={t("Tests")} aria-busy={busy !== ""}>
      <div className="row">
        <button type="button" className="primary" disabled={busy !== ""} onClick={() => void runTests()}>
          {busy === "run" ? t("Running…") : t("Run all")}
        </button>
        {mayEdit && (
          <button type="button" onClick={() => setAdding(!adding)} aria-expanded={adding}>
            {t("New test")}
          </button>
        )}
      </div>
      <p role="status">
        {run && tests.length > 0 && t("{passed} passed, {failed} failed", { passed, failed })}
        {run && ranOn !== document && <span className="muted"> · {t("the flow has changed since")}</span>}
      </p>
      <Refusal sentence={adding ? "" : error} />
      {adding && (
        <TestEditor id={null} name={freeName(t("New test"), tests)} yaml={BLANK} onDone={() => setAdding(false)} />
      )}
      {run && whole && <CoverageView coverage={run.coverage} />}
      <Proposed />
      {loaded && tests.length === 0 && !adding && (
        <p className="muted">
          {t("There is no test yet. Talk to the flow and save the conversation as one, or have some proposed.")}
        </p>
      )}
      {tests.length > 0 && (
        <h3>
          {t("Saved tests")} <span className="count">{tests.length}</span>
        </h3>
      )}
      <ul className="test-list">
        {ordered(tests, run).map((test) => (
          <TestRow key={test.id} test={test} />
        ))}
      </ul>
    </section>
  );
}
