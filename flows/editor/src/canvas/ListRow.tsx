/** One node in the list: what it is, what it says, where it leads, and what can be done with it. */

import { memo, useState } from "react";
import { wordsOf } from "../model/search";
import { useEditor } from "../store";
import { exitsIn, kindOf } from "../store/sizes";
import { inLanguage, t } from "../words";
import { Icon } from "./Icon";
import { ListExits } from "./ListExits";
import { nodeMark } from "./overlays";

export const ListRow = memo(function ListRow({ name }: { name: string }) {
  const node = useEditor((s) => s.document.nodes[name]);
  const types = useEditor((s) => s.types);
  const exits = useEditor((s) => {
    const data = s.document.nodes[name];
    return data ? exitsIn(name, data, s.check, s.types) : null;
  });
  const said = useEditor((s) => s.check?.first_words[name]);
  const language = useEditor((s) => s.promptLanguage);
  const isSelected = useEditor((s) => s.selection.includes(name));
  const isStart = useEditor((s) => s.document.start === name);
  const problems = useEditor((s) => s.problemsOf[name]);
  const overlay = useEditor((s) => s.overlay);
  const readOnly = useEditor((s) => s.readOnly);
  const [renaming, setRenaming] = useState(false);
  if (!node || !exits) return null;
  const kind = kindOf(types, node.type);
  const errors = problems?.filter((problem) => problem.level === "error").length ?? 0;
  const warnings = (problems?.length ?? 0) - errors;
  const mark = nodeMark(overlay, name);
  return (
    <tr id={`fe-row-${name}`} className={`${isSelected ? "chosen " : ""}group-${kind?.group}`}>
      <td className="pick">
        <input
          type="checkbox"
          checked={isSelected}
          aria-label={t("Select {node}", { node: name })}
          onChange={() => toggle(name)}
        />
      </td>
      <th scope="row">
        <div className="fe-row-name">
          <span className="fe-kind">
            <Icon paths={kind?.icon} />
          </span>
          <span className="fe-names">
            {renaming ? (
              <Rename name={name} onDone={() => setRenaming(false)} />
            ) : (
              <button type="button" className="fe-link" onClick={() => useEditor.getState().focusField(name, "")}>
                {node.label || name}
              </button>
            )}
            <span>
              {node.label ? `${inLanguage(kind?.title) || node.type} · ${name}` : inLanguage(kind?.title) || node.type}
            </span>
          </span>
        </div>
        <div className="fe-row-marks">
          {isStart ? <span className="chip accent plain">{t("Start")}</span> : null}
          {errors ? (
            <span className="chip red">{errors === 1 ? t("1 error") : t("{count} errors", { count: errors })}</span>
          ) : null}
          {warnings ? (
            <span className="chip amber">
              {warnings === 1 ? t("1 warning") : t("{count} warnings", { count: warnings })}
            </span>
          ) : null}
          {mark?.words ? (
            <span className={`chip plain ${mark.tone === "bad" ? "red" : "accent"}`}>{mark.words}</span>
          ) : null}
        </div>
      </th>
      <td className="says">
        <span className="clamp">{wordsOf(node, said, language)}</span>
      </td>
      <td className="fe-x">
        <ListExits name={name} node={node} exits={exits} />
      </td>
      <td className="deeds">{readOnly ? null : <Deeds name={name} onRename={() => setRenaming(true)} />}</td>
    </tr>
  );
});

function toggle(name: string): void {
  const { selection, selectedNotes, select } = useEditor.getState();
  const names = selection.includes(name) ? selection.filter((one) => one !== name) : [...selection, name];
  select(names, { notes: selectedNotes });
}

function Rename({ name, onDone }: { name: string; onDone(): void }) {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState("");
  const keep = () => {
    const refused = useEditor.getState().renameNode(name, text.trim());
    if (refused) setProblem(refused);
    else onDone();
  };
  return (
    <form
      className="fe-rename"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <input
        // Renaming was asked for, and typing is what comes next.
        autoFocus
        value={text}
        maxLength={60}
        aria-label={t("New name of {node}", { node: name })}
        aria-invalid={problem !== ""}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onDone()}
      />
      <button type="submit" className="small primary">
        {t("Rename")}
      </button>
      <button type="button" className="small" onClick={onDone}>
        {t("Cancel")}
      </button>
      {problem ? (
        <p className="field-error" role="alert">
          {problem}
        </p>
      ) : null}
    </form>
  );
}

function Deeds({ name, onRename }: { name: string; onRename(): void }) {
  const { shiftNode, removeNodes, select, duplicate, announce } = useEditor.getState();
  return (
    <div className="fe-deeds">
      <Deed icon="up" label={t("Move {node} up", { node: name })} onPress={() => shiftNode(name, -1)} />
      <Deed icon="down" label={t("Move {node} down", { node: name })} onPress={() => shiftNode(name, 1)} />
      <Deed icon="pencil" label={t("Rename {node}", { node: name })} onPress={onRename} />
      <Deed
        icon="copy"
        label={t("Duplicate {node}", { node: name })}
        onPress={() => {
          select([name]);
          duplicate();
        }}
      />
      <Deed
        icon="trash"
        label={t("Delete {node}", { node: name })}
        onPress={() => {
          removeNodes([name]);
          announce(t("Node {node} deleted", { node: name }));
        }}
      />
    </div>
  );
}

function Deed({ icon, label, onPress }: { icon: string; label: string; onPress(): void }) {
  return (
    <button type="button" className="quiet small fe-tool" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}
