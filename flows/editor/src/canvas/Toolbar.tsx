/** The bar above the canvas: where we are, whether it is saved, and what can be done to the whole. */

import { useEditor } from "../store";
import { inLanguage, t } from "../words";
import { canvasActions } from "./canvas_actions";
import { Icon } from "./Icon";
import { SaveWord } from "./SaveWord";

export function Toolbar() {
  const opening = useEditor((s) => s.opening);
  const title = useEditor((s) => inLanguage(s.document.title) || s.document.name);
  const readOnly = useEditor((s) => s.readOnly);
  const view = useEditor((s) => s.view);
  const { setView, setFinding, setHelping, setChoosing, tidy } = useEditor.getState();
  const isCanvas = view === "canvas";
  return (
    // A fieldset is for fields of a form, and these are deeds.
    <div className="fe-bar" role="group" aria-label={t("Flow editor")}>
      <a className="button quiet fe-tool" href={opening.links.page} title={t("Back to the flow's page")}>
        <Icon name="back" />
        <span className="visually-hidden">{t("Back to the flow's page")}</span>
      </a>
      <div className="fe-title">
        <h1>{title}</h1>
        <code>{opening.name}</code>
      </div>
      <SaveWord />
      <span className="fe-spring" />
      <UndoRedo />
      {isCanvas && !readOnly ? (
        <Tool
          icon="add"
          label={t("Add a node")}
          keys="N"
          look="fe-narrow-only"
          onPress={() => setChoosing({ place: canvasActions.freePlace(), screen: null })}
        />
      ) : null}
      {isCanvas && !readOnly ? <Tool icon="tidy" label={t("Put in order")} keys="L" onPress={tidy} /> : null}
      {isCanvas && !readOnly ? (
        <Tool icon="note" label={t("Add a note")} keys="M" onPress={canvasActions.addNote} />
      ) : null}
      {isCanvas ? (
        <Tool look="fe-wide-only" icon="fit" label={t("Show all")} keys="F" onPress={canvasActions.fit} />
      ) : null}
      <Tool icon="find" label={t("Find a node")} keys="/" onPress={() => setFinding(true)} />
      <PromptLanguage />
      <fieldset className="fe-switch">
        <legend className="visually-hidden">{t("View")}</legend>
        <Choice pressed={isCanvas} icon="canvas" label={t("Drawing")} onPress={() => setView("canvas")} />
        <Choice pressed={!isCanvas} icon="list" label={t("List")} onPress={() => setView("list")} />
      </fieldset>
      <ProblemCount />
      <Tool look="fe-wide-only" icon="help" label={t("Keyboard shortcuts")} keys="?" onPress={() => setHelping(true)} />
    </div>
  );
}

interface ToolProps {
  icon: string;
  label: string;
  keys?: string;
  disabled?: boolean;
  /** A class that shows it on some widths only. */
  look?: string;
  onPress(): void;
}

function Tool({ icon, label, keys = "", disabled = false, look = "", onPress }: ToolProps) {
  return (
    <button
      type="button"
      className={`quiet fe-tool ${look}`}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

function Choice({ pressed, icon, label, onPress }: { pressed: boolean; icon: string; label: string; onPress(): void }) {
  return (
    <button type="button" className="quiet" aria-label={label} title={label} aria-pressed={pressed} onClick={onPress}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

function UndoRedo() {
  const canUndo = useEditor((s) => s.canUndo);
  const canRedo = useEditor((s) => s.canRedo);
  const readOnly = useEditor((s) => s.readOnly);
  const { undo, redo } = useEditor.getState();
  if (readOnly) return null;
  return (
    <>
      <Tool icon="undo" label={t("Undo")} keys="Ctrl+Z" disabled={!canUndo} onPress={undo} />
      <Tool icon="redo" label={t("Redo")} keys="Ctrl+Y" disabled={!canRedo} onPress={redo} />
    </>
  );
}

function PromptLanguage() {
  const languages = useEditor((s) => s.document.languages);
  const shown = useEditor((s) => s.promptLanguage);
  const { setPromptLanguage } = useEditor.getState();
  if (languages.length < 2) return null;
  return (
    <select
      className="fe-language"
      aria-label={t("Language of the prompts shown")}
      title={t("Language of the prompts shown")}
      value={shown}
      onChange={(event) => setPromptLanguage(event.target.value)}
    >
      {languages.map((tag) => (
        <option key={tag}>{tag}</option>
      ))}
    </select>
  );
}

function ProblemCount() {
  const check = useEditor((s) => s.check);
  const { setPanel } = useEditor.getState();
  if (!check) return null;
  const { errors, warnings } = check;
  const tone = errors ? "red" : warnings ? "amber" : "green";
  const words = [
    errors ? (errors === 1 ? t("1 error") : t("{count} errors", { count: errors })) : "",
    warnings ? (warnings === 1 ? t("1 warning") : t("{count} warnings", { count: warnings })) : "",
  ].filter(Boolean);
  return (
    <button
      type="button"
      className="quiet fe-problems"
      onClick={() => setPanel("problems")}
      title={t("Open the list of problems (F8 goes through them)")}
    >
      <span className={`chip ${tone}`}>{words.join(t(", ")) || t("No problems")}</span>
    </button>
  );
}
