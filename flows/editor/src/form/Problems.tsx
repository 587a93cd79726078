import { useMemo, useState } from "react";
import type { Level, Problem } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import "./form.css";
import { groupProblems } from "./problem_groups";
import { useFieldWords } from "./useFieldWords";

type Wanted = "all" | Level;

/** Every finding of the lint, by node, errors first; each leads to its field. */
export function Problems() {
  const check = useEditor((state) => state.check);
  const checking = useEditor((state) => state.checking);
  const nodes = useEditor((state) => state.document.nodes);
  const [wanted, setWanted] = useState<Wanted>("all");
  const problems = check?.problems;
  const groups = useMemo(
    () =>
      groupProblems(
        (problems ?? []).filter(({ level }) => wanted === "all" || level === wanted),
        Object.keys(nodes),
      ),
    [problems, nodes, wanted],
  );
  const filters: [Wanted, string, number][] = [
    ["all", t("All"), (check?.errors ?? 0) + (check?.warnings ?? 0)],
    ["error", t("Errors"), check?.errors ?? 0],
    ["warning", t("Warnings"), check?.warnings ?? 0],
  ];
  return (
    <section className="form form-problem-list" aria-label={t("Problems")}>
      <header className="form-head">
        <div className="form-head-line">
          <h2>{t("Problems")}</h2>
          {checking && <span className="small muted">{t("checking…")}</span>}
        </div>
        <fieldset className="form-filter">
          <legend className="visually-hidden">{t("Show")}</legend>
          {filters.map(([key, word, count]) => (
            <button
              key={key}
              type="button"
              className="small"
              aria-pressed={wanted === key}
              onClick={() => setWanted(key)}
            >
              {word} <span className="count">{count}</span>
            </button>
          ))}
        </fieldset>
      </header>
      {check && groups.length === 0 && (
        <div className="empty">
          <strong>{wanted === "all" ? t("No problems") : t("None of these")}</strong>
          <p>{wanted === "all" ? t("This flow can be published as it is.") : t("Other problems may be there.")}</p>
        </div>
      )}
      {!check && <p className="muted">{t("The flow has not been checked yet.")}</p>}
      {groups.map((group) => (
        <div key={group.node} className="form-problem-group">
          <h3>{group.node === "" ? t("The flow as a whole") : nodes[group.node]?.label || group.node}</h3>
          <ul>
            {group.problems.map((problem) => (
              <li key={`${problem.rule} ${problem.field} ${problem.message}`}>
                <ProblemButton problem={problem} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function ProblemButton({ problem }: { problem: Problem }) {
  const focusField = useEditor((state) => state.focusField);
  const words = useFieldWords();
  return (
    <button
      type="button"
      className={`form-problem ${problem.level}`}
      onClick={() => focusField(problem.node, problem.field)}
    >
      <span className={`chip ${problem.level === "error" ? "red square" : "amber up"}`}>
        {problem.level === "error" ? t("Error") : t("Warning")}
      </span>
      <span className="what">
        {problem.message}
        {problem.fix && <span className="muted"> {problem.fix}</span>}
        {problem.field && <span className="where">{words(problem.node, problem.field)}</span>}
      </span>
    </button>
  );
}
