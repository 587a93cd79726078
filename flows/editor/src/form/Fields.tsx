import { language } from "../api";
import type { Schema } from "../model/types";
import { t } from "../words";
import { DateControl, EnumControl, JsonControl, NumberControl, TextControl } from "./basic";
import { Chips, WordsControl } from "./Chips";
import { Completing } from "./Completing";
import { FlowPicker } from "./FlowPicker";
import { Fold } from "./Fold";
import { HoursControl, PeriodList } from "./Hours";
import { ListControl } from "./List";
import { MapControl } from "./Map";
import { Place, ProblemNotes } from "./Place";
import { PromptControl, SpokenControl } from "./Prompt";
import { LanguagePicker, NodePicker, ValueName, ZonePicker } from "./pickers";
import { asList, asObject, asText, at, dotted, type Path, problemsAt } from "./plain";
import { emptyGroup, emptyValue, type FormField, fieldsOf, helpOf, isDefault, meant, titleOf } from "./schema";
import { idOf, type Marks, useScope } from "./scope";

interface FieldsProps {
  schema: Schema;
  path: Path;
  leaveOut?: readonly string[];
}

/** The fields of an object: essentials first, the others folded away below them. */
export function Fields({ schema, path, leaveOut = [] }: FieldsProps) {
  const { defs, data, problems } = useScope();
  const value = asObject(at(data, path));
  const fields = meant(fieldsOf(schema, defs), value).filter(({ name }) => !leaveOut.includes(name));
  const folded = fields.filter(({ advanced }) => advanced);
  const used = folded.filter((field) => !isDefault(field, value[field.name]));
  const wrong = folded.some(({ name }) =>
    problems.some(({ field }) => `${field}.`.startsWith(`${dotted([...path, name])}.`)),
  );
  return (
    <div className="form-fields">
      {fields
        .filter(({ advanced }) => !advanced)
        .map((field) => (
          <Field key={field.name} field={field} path={[...path, field.name]} />
        ))}
      {folded.length > 0 && (
        <Fold
          className="form-more"
          open={wrong}
          summary={
            <summary>
              {t("More settings")}
              {used.length > 0 && <span className="count">{t("{count} set", { count: used.length })}</span>}
            </summary>
          }
        >
          <div className="form-fields">
            {folded.map((field) => (
              <Field key={field.name} field={field} path={[...path, field.name]} />
            ))}
          </div>
        </Fold>
      )}
    </div>
  );
}

/** One field with its name, help, control and problems. */
export function Field({ field, path }: { field: FormField; path: Path }) {
  const { data, document, defs, set: write, readOnly } = useScope();
  const { schema, control } = field;
  const value = at(data, path);
  const title = titleOf(field.name, schema, language());
  const help = helpOf(schema, language());
  const set = (next: unknown) => write(path, isDefault(field, next) ? undefined : next);
  if (control === "boolean") return <BooleanField field={field} path={path} title={title} help={help} set={set} />;
  const shown = { path, title, help, required: field.required };
  if (control === "group" && field.optional) {
    const use = (on: boolean) => write(path, on ? emptyGroup(schema, defs) : undefined);
    const isUsed = value !== undefined && value !== null;
    return (
      <Place {...shown} as="group" parts={Object.keys(schema.properties ?? {})}>
        {(marks) => (
          <>
            <label className="check">
              <input
                id={marks.id}
                type="checkbox"
                disabled={readOnly}
                checked={isUsed}
                onChange={(event) => use(event.target.checked)}
              />
              <span>{t("Use this")}</span>
            </label>
            {isUsed && <Fields schema={schema} path={path} />}
          </>
        )}
      </Place>
    );
  }
  const parts = partsOf(field, value, document.languages);
  return (
    <Place
      {...shown}
      as={parts || GROUPED.has(control) ? "group" : "label"}
      short={isShort(field)}
      {...(parts ? { parts } : {})}
    >
      {(marks) => <Control field={field} path={path} title={title} marks={marks} value={value} set={set} />}
    </Place>
  );
}

/** Numbers, choices, keys and names need little room. */
function isShort({ control, schema }: FormField): boolean {
  return (
    ["number", "enum", "date", "value", "language"].includes(control) ||
    (control === "text" && (schema.pattern !== undefined || (schema.maxLength ?? 99) <= 20))
  );
}

/** Controls of several inputs, which stand below one heading. */
const GROUPED = new Set(["prompt", "words", "list", "group", "map", "map-of-groups", "values", "hours", "spoken"]);

/** The segments below a field that show their own problems; undefined when the field is one control. */
function partsOf({ control, schema }: FormField, value: unknown, languages: readonly string[]): string[] | undefined {
  if (control === "group") return Object.keys(schema.properties ?? {});
  if (control === "list") return asList(value).map((_, index) => String(index));
  if (control === "prompt" || control === "words") return [...languages, ...Object.keys(asObject(value))];
  if (["map", "map-of-groups", "values"].includes(control)) return Object.keys(asObject(value));
  return undefined;
}

interface ControlProps {
  field: FormField;
  path: Path;
  title: string;
  marks: Marks;
  value: unknown;
  set: (value: unknown) => void;
}

function Control({ field, path, title, marks, value, set }: ControlProps) {
  const { data, document, set: write } = useScope();
  const { schema, control } = field;
  const plain = { marks, schema, value, set };
  const nested = { path, schema, value, title };
  switch (control) {
    case "prompt":
      return <PromptControl path={path} value={value} title={title} />;
    case "spoken": {
      const beside = asText(at(data, [...path.slice(0, -1), "language"]));
      return <SpokenControl {...nested} tag={beside || (document.languages[0] ?? "en-US")} />;
    }
    case "words":
      return <WordsControl path={path} value={value} title={title} />;
    case "strings":
      return <Chips marks={marks} label={title} words={asList(value).map(String)} set={set} />;
    case "list":
      return <ListControl {...nested} />;
    case "group":
      return <Fields schema={schema} path={path} />;
    case "map":
    case "map-of-groups":
    case "values":
      return <MapControl {...nested} />;
    case "hours":
      return schema.type === "array" ? (
        <PeriodList path={path} value={value} title={title} />
      ) : (
        <HoursControl path={path} value={value} />
      );
    case "expression":
    case "template":
      return (
        <Completing
          marks={marks}
          kind={control}
          value={asText(value)}
          set={set}
          maxLength={schema.maxLength}
          {...((schema.maxLength ?? 0) > 300 ? { rows: 3 } : {})}
        />
      );
    case "node":
      return <NodePicker marks={marks} value={asText(value)} set={(name) => write(path, name || undefined)} />;
    case "flow":
      return <FlowPicker marks={marks} value={asText(value)} set={set} />;
    case "language":
      return <LanguagePicker marks={marks} value={asText(value)} set={set} />;
    case "zone":
      return <ZonePicker marks={marks} value={asText(value)} set={set} />;
    case "value":
      return <ValueName marks={marks} value={asText(value)} set={set} />;
    case "number":
      return <NumberControl {...plain} empty={!field.required} />;
    case "enum":
      return <EnumControl {...plain} />;
    case "date":
      return <DateControl {...plain} />;
    case "json":
      return <JsonControl {...plain} />;
    default:
      return <TextControl {...plain} />;
  }
}

interface BooleanProps {
  field: FormField;
  path: Path;
  title: string;
  help: string;
  set: (value: unknown) => void;
}

function BooleanField({ field, path, title, help, set }: BooleanProps) {
  const { data, readOnly, defs, owner, problems } = useScope();
  const value = at(data, path) ?? emptyValue(field.schema, defs);
  const marks = idOf(owner, path);
  const found = problemsAt(problems, dotted(path));
  const described = [help ? `${marks}-help` : "", found.length > 0 ? `${marks}-problems` : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="form-place form-tick" data-field={dotted(path)}>
      <input
        id={marks}
        type="checkbox"
        disabled={readOnly}
        checked={value === true}
        aria-describedby={described || undefined}
        aria-invalid={found.some(({ level }) => level === "error") || undefined}
        onChange={(event) => set(event.target.checked)}
      />
      <label htmlFor={marks}>{title}</label>
      {help && (
        <p id={`${marks}-help`} className="hint">
          {help}
        </p>
      )}
      <ProblemNotes id={`${marks}-problems`} problems={found} />
    </div>
  );
}
