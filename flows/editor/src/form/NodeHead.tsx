import { useState } from "react";
import { nameProblem } from "../model/operations";
import { useEditor } from "../store";
import { t } from "../words";
import { asText } from "./plain";
import { idOf, useScope } from "./scope";

interface Props {
  name: string;
  title: string;
  summary: string;
  wide: boolean;
  widen: () => void;
}

/** What the node is, what it is called, and what is done with it as a whole. */
export function NodeHead({ name, title, summary, wide, widen }: Props) {
  const { document, readOnly, set } = useScope();
  const { duplicate, removeNodes, setSetting } = useEditor.getState();
  const node = document.nodes[name];
  const isStart = document.start === name;
  const label = idOf(name, ["label"]);
  return (
    <header className="form-head">
      <div className="form-head-line">
        <h2>{title}</h2>
        {isStart && <span className="chip accent">{t("start")}</span>}
        <button type="button" className="quiet small form-widen" aria-pressed={wide} onClick={widen}>
          {wide ? t("Narrow") : t("Side by side")}
        </button>
      </div>
      {summary && <p className="muted">{summary}</p>}
      <div className="form-names">
        <div className="form-place" data-field="label">
          <div className="form-name">
            <label htmlFor={label}>{t("Label")}</label>
          </div>
          <input
            id={label}
            type="text"
            maxLength={80}
            readOnly={readOnly}
            placeholder={name}
            value={asText(node?.label)}
            onChange={(event) => set(["label"], event.target.value || undefined)}
          />
        </div>
        <NameField name={name} />
      </div>
      {!readOnly && (
        <div className="row form-deeds">
          {!isStart && (
            <button type="button" className="small" onClick={() => setSetting(["start"], name)}>
              {t("Set as start")}
            </button>
          )}
          <button type="button" className="small" onClick={duplicate}>
            {t("Duplicate")}
          </button>
          <button type="button" className="small danger" onClick={() => removeNodes([name])}>
            {t("Delete")}
          </button>
        </div>
      )}
    </header>
  );
}

/** The node's own name; a bad or taken one is told while it is typed and never stored. */
function NameField({ name }: { name: string }) {
  const { document, readOnly } = useScope();
  const renameNode = useEditor((state) => state.renameNode);
  const [draft, setDraft] = useState(name);
  const problem = nameProblem(document, name, draft);
  const id = idOf(name, ["name"]);
  const commit = () => {
    if (draft === name) return;
    if (problem || renameNode(name, draft)) setDraft(name);
  };
  return (
    <div className="form-place">
      <div className="form-name">
        <label htmlFor={id}>{t("Name in the flow")}</label>
      </div>
      <input
        id={id}
        type="text"
        className="form-code"
        readOnly={readOnly}
        spellCheck={false}
        value={draft}
        aria-invalid={problem !== "" || undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setDraft(name);
        }}
        onBlur={commit}
      />
      {problem && (
        <p id={`${id}-problem`} className="form-refused" role="alert">
          {t(problem)}
        </p>
      )}
    </div>
  );
}
