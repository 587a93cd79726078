import { useState } from "react";
import type { Schema } from "../model/types";
import { t } from "../words";
import { Completing } from "./Completing";
import { Fields } from "./Fields";
import { ProblemNotes } from "./Place";
import { asObject, asText, dotted, type Path, problemsAt } from "./plain";
import { controlOf, emptyGroup, inner, resolve } from "./schema";
import { idOf, useScope } from "./scope";

interface Props {
  path: Path;
  schema: Schema;
  value: unknown;
  title: string;
  /** Names that are offered, or the only ones allowed when `fixed`. */
  names?: readonly { key: string; title: string }[];
  fixed?: boolean;
}

/** Values by name: texts or expressions in one line each, objects below their name. */
export function MapControl({ path, schema, value, title, names = [], fixed = false }: Props) {
  const { readOnly, defs, set } = useScope();
  const entries = asObject(value);
  const item = inner(schema) ?? {};
  const keys = fixed ? names.map(({ key }) => key) : Object.keys(entries);
  const shown = [...keys, ...Object.keys(entries).filter((key) => !keys.includes(key))];
  const write = (next: Record<string, unknown>) => set(path, Object.keys(next).length > 0 ? next : undefined);
  const rename = (old: string, name: string) =>
    write(Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key === old ? name : key, entry])));
  const remove = (name: string) => write(Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name)));
  const grouped = controlOf(item, defs) === "group";
  return (
    <div className="form-map">
      {shown.map((name) => (
        <Entry
          key={name}
          path={[...path, name]}
          name={name}
          title={names.find(({ key }) => key === name)?.title ?? ""}
          fixed={fixed && keys.includes(name)}
          taken={Object.keys(entries)}
          rename={(next) => rename(name, next)}
          remove={() => remove(name)}
        >
          {grouped ? (
            <Fields schema={resolve(item, defs)} path={[...path, name]} />
          ) : (
            <EntryText
              path={[...path, name]}
              schema={schema}
              title={`${title}: ${name}`}
              value={asText(entries[name])}
              set={(text) => (fixed && text === "" ? remove(name) : write({ ...entries, [name]: text }))}
            />
          )}
        </Entry>
      ))}
      {!readOnly && !fixed && (
        <NewName
          title={title}
          taken={Object.keys(entries)}
          add={(name) => write({ ...entries, [name]: grouped ? emptyGroup(item, defs) : "" })}
        />
      )}
    </div>
  );
}

function EntryText({
  path,
  schema,
  title,
  value,
  set,
}: {
  path: Path;
  schema: Schema;
  title: string;
  value: string;
  set: (text: string) => void;
}) {
  const { owner, defs, readOnly } = useScope();
  const item = inner(schema) ?? {};
  const control = schema["x-widget"] === "values" ? "expression" : controlOf(item, defs);
  const marks = { id: idOf(owner, path) };
  if (control === "expression" || control === "template") {
    return <Completing marks={marks} kind={control} label={title} value={value} set={set} />;
  }
  return (
    <input
      {...marks}
      type="text"
      aria-label={title}
      readOnly={readOnly}
      value={value}
      onChange={(event) => set(event.target.value)}
    />
  );
}

interface EntryProps {
  path: Path;
  name: string;
  title: string;
  fixed: boolean;
  taken: string[];
  rename: (name: string) => void;
  remove: () => void;
  children: React.ReactNode;
}

function Entry({ path, name, title, fixed, taken, rename, remove, children }: EntryProps) {
  const { readOnly, problems, owner } = useScope();
  const [draft, setDraft] = useState<string | null>(null);
  const sentence = draft === null || draft === name ? "" : nameSentence(draft, taken);
  const commit = () => {
    if (draft !== null && draft !== name && !sentence) rename(draft);
    setDraft(null);
  };
  return (
    <div className="form-entry" data-field={dotted(path)}>
      {fixed ? (
        <label className="form-entry-name" htmlFor={idOf(owner, path)}>
          {title || name}
        </label>
      ) : (
        <input
          className="form-entry-name form-code"
          aria-label={t("Name")}
          readOnly={readOnly}
          value={draft ?? name}
          aria-invalid={sentence !== "" || undefined}
          onChange={(event) => setDraft(event.target.value.trim())}
          onKeyDown={(event) => event.key === "Enter" && commit()}
          onBlur={commit}
        />
      )}
      <div className="form-entry-value">{children}</div>
      {!readOnly && !fixed && (
        <button type="button" className="quiet small" aria-label={t("Remove {what}", { what: name })} onClick={remove}>
          ×
        </button>
      )}
      {sentence && (
        <p className="form-refused" role="alert">
          {sentence}
        </p>
      )}
      <ProblemNotes id={`${idOf(owner, path)}-problems`} problems={problemsAt(problems, dotted(path))} />
    </div>
  );
}

function NewName({ title, taken, add }: { title: string; taken: string[]; add: (name: string) => void }) {
  const [name, setName] = useState("");
  const sentence = name.trim() === "" ? "" : nameSentence(name.trim(), taken);
  const submit = () => {
    if (name.trim() === "" || sentence) return;
    add(name.trim());
    setName("");
  };
  return (
    <div className="form-entry-new">
      <input
        className="form-code"
        aria-label={t("New name for {what}", { what: title })}
        placeholder={t("New name")}
        value={name}
        aria-invalid={sentence !== "" || undefined}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          submit();
        }}
      />
      <button type="button" className="small" disabled={name.trim() === "" || sentence !== ""} onClick={submit}>
        {t("Add")}
      </button>
      {sentence && (
        <p className="form-refused" role="alert">
          {sentence}
        </p>
      )}
    </div>
  );
}

function nameSentence(name: string, taken: readonly string[]): string {
  if (name === "") return t("Give it a name.");
  return taken.includes(name) ? t("There is one with this name already.") : "";
}
