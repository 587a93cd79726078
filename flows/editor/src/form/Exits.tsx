import { exitsOf } from "../model/exits";
import { useEditor } from "../store";
import { t } from "../words";
import { ProblemNotes } from "./Place";
import { TargetPicker } from "./pickers";
import { asText, dotted, problemsAt } from "./plain";
import { idOf, useScope } from "./scope";

/** Every exit of the node with where it leads. */
export function Exits({ node }: { node: string }) {
  const { document, problems } = useScope();
  const check = useEditor((state) => state.check);
  const types = useEditor((state) => state.types);
  const data = document.nodes[node];
  if (!data) return null;
  const all = exitsOf(
    node,
    data,
    check,
    types.types.find(({ type }) => type === data.type),
  );
  const names = all.map(({ name }) => name);
  const known = check?.exits[node]?.map(({ name }) => name) ?? names;
  return (
    <fieldset className="form-place form-exits" data-field="exits">
      <legend>{t("Exits")}</legend>
      <ProblemNotes id={idOf(node, ["exits"], "problems")} problems={problemsAt(problems, "exits", names)} />
      {all.length === 0 && <p className="muted small">{t("The call ends here: there is no way on.")}</p>}
      {all.map((exit) => (
        <ExitRow
          key={exit.name}
          node={node}
          exit={exit}
          gone={!known.includes(exit.name)}
          target={asText(data.exits?.[exit.name])}
        />
      ))}
    </fieldset>
  );
}

interface RowProps {
  node: string;
  exit: { name: string; word: string; required: boolean };
  gone: boolean;
  target: string;
}

function ExitRow({ node, exit, gone, target }: RowProps) {
  const { problems, readOnly, document } = useScope();
  const connect = useEditor((state) => state.connect);
  const select = useEditor((state) => state.select);
  const place = ["exits", exit.name];
  const id = idOf(node, place);
  const found = problemsAt(problems, dotted(place));
  const marks = {
    id,
    ...(found.length > 0 ? { "aria-describedby": `${id}-problems` } : {}),
    ...(found.some(({ level }) => level === "error") ? { "aria-invalid": true as const } : {}),
  };
  return (
    <div className={`form-exit${found.length > 0 ? " has-problem" : ""}`} data-field={dotted(place)}>
      <label htmlFor={id}>
        {exit.word || exit.name}
        {spaced(exit.word) !== spaced(exit.name) && <code>{exit.name}</code>}
        {gone && <span className="small muted"> {t("no longer an exit")}</span>}
        {!exit.required && !gone && <span className="small muted"> {t("optional")}</span>}
      </label>
      <TargetPicker
        marks={marks}
        value={target}
        set={(name) => connect(node, exit.name, name)}
        from={{ node, exit: exit.name }}
      />
      {document.nodes[target] && (
        <button
          type="button"
          className="quiet small"
          aria-label={t("Go to {node}", { node: target })}
          title={t("Go to {node}", { node: target })}
          onClick={() => select([target], { reveal: true })}
        >
          →
        </button>
      )}
      {gone && !readOnly && (
        <button type="button" className="quiet small" onClick={() => connect(node, exit.name, "")}>
          {t("Remove")}
        </button>
      )}
      <ProblemNotes id={`${id}-problems`} problems={found} />
    </div>
  );
}

function spaced(name: string): string {
  return name.replaceAll("_", " ").toLowerCase();
}
