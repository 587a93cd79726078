import type { Coverage } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { NodeLink } from "./NodeLink";
import { exitTitle } from "./names";
import { exitsTried, untriedByNode } from "./test_summary";

/** How much of the flow the tests try, and what none tries. */
export function CoverageView({ coverage }: { coverage: Coverage }) {
  const document = useEditor((state) => state.document);
  const check = useEditor((state) => state.check);
  const shown = useEditor((state) => state.overlay.kind === "coverage");
  const setOverlay = useEditor((state) => state.setOverlay);
  const { tried, all } = exitsTried(coverage);
  const untried = untriedByNode(coverage, document);
  const sentence = t("{tried} of {all} exits are tried.", { tried, all });
  return (
    <section className="coverage">
      <h3>{t("Coverage")}</h3>
      <p>{sentence}</p>
      <progress value={tried} max={Math.max(1, all)} aria-label={sentence} />
      <label className="check">
        <input
          type="checkbox"
          checked={shown}
          onChange={(event) => setOverlay(event.target.checked ? { kind: "coverage", coverage } : { kind: "none" })}
        />
        {t("Show on the canvas")}
      </label>
      {untried.length > 0 && (
        <details open={untried.length <= 8}>
          <summary>
            {t("Never tried")} <span className="count">{coverage.uncovered_exits.length}</span>
          </summary>
          <ul className="coverage-list">
            {untried.map(({ node, exits }) => (
              <li key={node}>
                <NodeLink node={node} />
                <span className="muted">{exits.map((exit) => exitTitle(check, node, exit)).join(", ")}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
