import { useMemo, useRef } from "react";
import { language } from "../api";
import { useEditor } from "../store";
import { t } from "../words";
import { Field } from "./Fields";
import { FlowLanguages } from "./FlowLanguages";
import "./form.css";
import { languageName } from "./languages";
import { MapControl } from "./Map";
import { Place, ProblemNotes } from "./Place";
import { asObject, type Path, problemsAt } from "./plain";
import { type FormField, fieldsOf, helpOf, titleOf } from "./schema";
import { idOf, ScopeProvider, useScope } from "./scope";
import { useFocus } from "./useFocus";
import { useFlowScope } from "./useScopeOf";

/** The settings in the order of the form; any other follows them. */
const ORDER = [
  "title",
  "description",
  "languages",
  "start",
  "voice",
  "ear",
  "defaults",
  "hang_up",
  "outbound",
  "variables",
];

/** Parts of the document that are not edited here. */
const ELSEWHERE = ["format", "name", "nodes", "layout", "notes"];

/** The languages of the console, in which a flow is named. */
const CONSOLE = ["en", "zh"];

/** Characters of a text that is written in several lines. */
const LONG = 2000;

/** The settings of the whole flow. */
export function FlowForm() {
  const form = useRef<HTMLElement>(null);
  const scope = useFlowScope();
  const schema = useEditor((state) => state.types.settings);
  useFocus("", form);
  const fields = useMemo(() => ordered(fieldsOf(schema, scope.defs, ELSEWHERE)), [schema, scope.defs]);
  const names = fields.map(({ name }) => name);
  return (
    <ScopeProvider value={scope}>
      <section ref={form} className="form" aria-label={t("Settings of the flow")}>
        <header className="form-head">
          <h2>{t("Settings of the flow")}</h2>
          <p className="muted">
            <code>{scope.document.name}</code>
          </p>
        </header>
        <ProblemNotes id={idOf("", [], "problems")} problems={problemsAt(scope.problems, "", names)} />
        <div className="form-fields">
          {fields.map((field) => (
            <Setting key={field.name} field={field} />
          ))}
        </div>
      </section>
    </ScopeProvider>
  );
}

/** One setting. Those that are keyed by language get one line for each; the others are as their schema says. */
function Setting({ field }: { field: FormField }) {
  const { document, data, set } = useScope();
  const value = asObject(data)[field.name];
  if (field.name === "languages") return <FlowLanguages field={field} />;
  if (field.name === "start") return <Field field={{ ...field, control: "node" }} path={["start"]} />;
  if (field.name === "description") {
    return <Field field={{ ...field, schema: { maxLength: LONG, ...field.schema } }} path={["description"]} />;
  }
  if (field.name === "title") {
    return <ByLanguage field={field} path={["title"]} value={value} tags={CONSOLE} />;
  }
  if (field.name === "voice") {
    return <ByLanguage field={field} path={["voice"]} value={value} tags={document.languages} />;
  }
  if (field.name === "outbound")
    return <Outbound field={field} value={value} set={(next) => set(["outbound"], next)} />;
  return <Field field={field} path={[field.name]} />;
}

function ByLanguage({
  field,
  path,
  value,
  tags,
}: {
  field: FormField;
  path: Path;
  value: unknown;
  tags: readonly string[];
}) {
  const title = titleOf(field.name, field.schema, language());
  return (
    <Place
      path={path}
      title={title}
      help={helpOf(field.schema, language())}
      as="group"
      parts={[...tags, ...Object.keys(asObject(value))]}
    >
      {() => (
        <MapControl
          path={path}
          schema={field.schema}
          value={value}
          title={title}
          fixed
          names={tags.map((key) => ({ key, title: languageName(key) }))}
        />
      )}
    </Place>
  );
}

/** What holds for calls we make, when the flow makes any. */
function Outbound({ field, value, set }: { field: FormField; value: unknown; set: (value: unknown) => void }) {
  const { document, defs, readOnly } = useScope();
  const isUsed = value !== undefined && value !== null;
  return (
    <Place
      path={["outbound"]}
      title={titleOf(field.name, field.schema, language())}
      help={helpOf(field.schema, language())}
      as="group"
      parts={Object.keys(field.schema.properties ?? {})}
    >
      {(marks) => (
        <>
          <label className="check">
            <input
              id={marks.id}
              type="checkbox"
              disabled={readOnly}
              checked={isUsed}
              onChange={(event) => set(event.target.checked ? {} : undefined)}
            />
            <span>{t("This flow makes calls")}</span>
          </label>
          {isUsed && (
            <div className="form-fields">
              {fieldsOf(field.schema, defs).map((part) =>
                part.name === "organisation" ? (
                  <ByLanguage
                    key={part.name}
                    field={part}
                    path={["outbound", part.name]}
                    value={asObject(value).organisation}
                    tags={document.languages}
                  />
                ) : (
                  <Field
                    key={part.name}
                    field={part.name === "voicemail" ? { ...part, control: "node" } : part}
                    path={["outbound", part.name]}
                  />
                ),
              )}
            </div>
          )}
        </>
      )}
    </Place>
  );
}

function ordered(fields: readonly FormField[]): FormField[] {
  const rank = ({ name }: FormField) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return fields.toSorted((a, b) => rank(a) - rank(b));
}
