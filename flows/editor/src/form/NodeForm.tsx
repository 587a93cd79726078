import { useRef, useState } from "react";
import { useEditor } from "../store";
import { inLanguage, t } from "../words";
import { Exits } from "./Exits";
import { Fields } from "./Fields";
import "./form.css";
import { JsonControl } from "./basic";
import { NodeHead } from "./NodeHead";
import { ProblemNotes } from "./Place";
import { problemsAt } from "./plain";
import { idOf, ScopeProvider } from "./scope";
import { useFocus } from "./useFocus";
import { useNodeScope } from "./useScopeOf";

/** Fields that stand in the head of the form or in its list of exits. */
const ELSEWHERE = ["type", "label", "exits"];

/** The form of the selected node; a sentence when none or several are selected. */
export function NodeForm() {
  const selection = useEditor((state) => state.selection);
  const node = useEditor((state) => state.document.nodes[selection[0] ?? ""]);
  if (selection.length > 1) return <SeveralNodes names={selection} />;
  if (!node || !selection[0]) {
    return (
      <div className="empty form-empty">
        <strong>{t("No node is selected")}</strong>
        <p>{t("Choose a node to change what it says and where it leads.")}</p>
      </div>
    );
  }
  return <OneNode key={selection[0]} name={selection[0]} />;
}

function SeveralNodes({ names }: { names: string[] }) {
  const { readOnly, duplicate, removeSelected } = useEditor.getState();
  return (
    <div className="empty form-empty">
      <strong>{t("{count} nodes are selected", { count: names.length })}</strong>
      {!readOnly && (
        <div className="row">
          <button type="button" onClick={duplicate}>
            {t("Duplicate")}
          </button>
          <button type="button" className="danger" onClick={removeSelected}>
            {t("Delete")}
          </button>
        </div>
      )}
    </div>
  );
}

function OneNode({ name }: { name: string }) {
  const [wide, setWide] = useState(() => sessionStorage.getItem(WIDE) === "1");
  const form = useRef<HTMLElement>(null);
  const data = useEditor((state) => state.document.nodes[name]);
  const type = useEditor((state) => state.types.types.find(({ type: key }) => key === data?.type));
  const scope = useNodeScope(name, type?.schema, wide);
  useFocus(name, form);
  const widen = () => {
    sessionStorage.setItem(WIDE, wide ? "0" : "1");
    setWide(!wide);
  };
  const shown = [...Object.keys(type?.schema.properties ?? {}), "exits", "label"];
  const rest = problemsAt(scope.problems, "", shown);
  const title = type ? inLanguage(type.title) : String(data?.type ?? "");
  return (
    <ScopeProvider value={scope}>
      <section ref={form} className={`form${wide ? " form-wide" : ""}`} aria-label={t("Node {name}", { name })}>
        <NodeHead name={name} title={title} summary={type ? inLanguage(type.summary) : ""} wide={wide} widen={widen} />
        <ProblemNotes id={idOf(name, [], "problems")} problems={rest} />
        {type ? (
          <Fields schema={type.schema} path={[]} leaveOut={ELSEWHERE} />
        ) : (
          <div className="form-place" data-field="type">
            <p className="form-refused">
              {t("This desk has no node type {type}; its fields are shown as they are.", { type: title })}
            </p>
            <JsonControl marks={{ id: idOf(name, ["json"]) }} schema={{}} value={data} set={() => undefined} />
          </div>
        )}
        <Exits node={name} />
      </section>
    </ScopeProvider>
  );
}

const WIDE = "ringback.form.wide";
