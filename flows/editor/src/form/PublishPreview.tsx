import type { Difference, FieldChange, PublishPreview } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { Differing } from "./ConflictParts";
import { useFieldWords } from "./useFieldWords";
import { WordParts } from "./Words";

/** What changes, what is wrong, which tests fail, and who depends on it. */
export function PreviewView({ preview }: { preview: PublishPreview }) {
  const setPanel = useEditor((state) => state.setPanel);
  const errors = preview.problems.filter(({ level }) => level === "error").length;
  const warnings = preview.problems.length - errors;
  const failed = preview.tests.filter(({ passed }) => !passed);
  const dependents = preview.dependents.toSorted((a, b) => Number(b.breaks) - Number(a.breaks));
  return (
    <div className="form-preview">
      <Changes difference={preview.difference} />
      <h3>{t("Lint")}</h3>
      <div className="row">
        <span className={`chip ${errors ? "red square" : "green"}`}>
          {errors === 1 ? t("1 error") : errors ? t("{count} errors", { count: errors }) : t("no errors")}
        </span>
        {warnings > 0 && (
          <span className="chip amber up">
            {warnings === 1 ? t("1 warning") : t("{count} warnings", { count: warnings })}
          </span>
        )}
        {preview.problems.length > 0 && (
          <button type="button" className="quiet small" onClick={() => setPanel("problems")}>
            {t("Show them")}
          </button>
        )}
      </div>
      <h3>{t("Saved tests")}</h3>
      {preview.tests.length === 0 && (
        <p className="muted small">{t("There are none. Talk to the flow and save what you heard as a test.")}</p>
      )}
      {preview.tests.length > 0 && (
        <div className="row">
          <span className="chip green">{t("{count} passed", { count: preview.tests.length - failed.length })}</span>
          {failed.length > 0 && (
            <span className="chip red square">{t("{count} failed", { count: failed.length })}</span>
          )}
        </div>
      )}
      <ul className="form-failed">
        {failed.map((test) => (
          <li key={`${test.id} ${test.name}`}>
            <strong>{test.name}</strong>
            <span className="muted"> {test.failures[0]?.message ?? ""}</span>
          </li>
        ))}
      </ul>
      {dependents.length > 0 && (
        <>
          <h3>{t("What depends on this flow")}</h3>
          <ul className="form-dependents">
            {dependents.map((dependent) => (
              <li key={`${dependent.kind} ${dependent.name}`}>
                <span className={`chip ${dependent.breaks ? "red square" : "grey"}`}>
                  {dependent.breaks ? t("breaks") : t("goes on")}
                </span>
                <span>
                  {dependent.url ? (
                    <a href={dependent.url}>{dependent.title || dependent.name}</a>
                  ) : (
                    <strong>{dependent.title || dependent.name}</strong>
                  )}{" "}
                  <span className="muted">{dependent.sentence}</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Changes({ difference }: { difference: Difference }) {
  const { added, removed, changed, settings } = difference;
  const count = added.length + removed.length + Object.keys(changed).length + settings.length;
  return (
    <>
      <h3>{t("Changes")}</h3>
      {count === 0 && <p className="muted small">{t("Nothing differs from the published version.")}</p>}
      <ul className="form-differences">
        {added.map((name) => (
          <NodeLine key={`+${name}`} name={name} word={t("added")} kind="green" />
        ))}
        {removed.map((name) => (
          <NodeLine key={`-${name}`} name={name} word={t("removed")} kind="red" />
        ))}
        {Object.entries(changed).map(([name, changes]) => (
          <NodeLine key={`~${name}`} name={name} word={t("changed")} kind="amber" changes={changes} />
        ))}
        {settings.length > 0 && <NodeLine name="" word={t("changed")} kind="amber" changes={settings} />}
      </ul>
    </>
  );
}

interface LineProps {
  name: string;
  word: string;
  kind: string;
  changes?: readonly FieldChange[];
}

function NodeLine({ name, word, kind, changes = [] }: LineProps) {
  const node = useEditor((state) => state.document.nodes[name]);
  const select = useEditor((state) => state.select);
  const words = useFieldWords();
  const title = name === "" ? t("Settings of the flow") : node?.label || name;
  return (
    <li>
      <span className={`chip ${kind}`}>{word}</span>{" "}
      {node ? (
        <button type="button" className="quiet small" onClick={() => select([name], { reveal: true })}>
          {title}
        </button>
      ) : (
        <strong>{title}</strong>
      )}
      {changes.length > 0 && (
        <dl className="form-changes">
          {changes.map((change) => (
            <div key={change.field}>
              <dt>{words(name, change.field)}</dt>
              <dd>
                {change.words.length > 0 ? (
                  <WordParts parts={change.words} />
                ) : (
                  <Differing before={change.before ?? undefined} after={change.after ?? undefined} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

/** A half-made flow: it cannot become a version, whatever the reason, before its errors are corrected. */
export function Unready({ preview }: { preview: PublishPreview }) {
  const setPanel = useEditor((state) => state.setPanel);
  return (
    <div className="notice error">
      <strong>{t("This flow cannot run yet, so it cannot be published.")}</strong>
      <ul>
        {preview.blockers.map((blocker) => (
          <li key={blocker}>{blocker}</li>
        ))}
      </ul>
      <button type="button" className="small" onClick={() => setPanel("problems")}>
        {t("Show the problems")}
      </button>
    </div>
  );
}
