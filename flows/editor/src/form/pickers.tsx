import { useId, useMemo, useState } from "react";
import type { FlowDocument } from "../model/types";
import { useEditor } from "../store";
import { inLanguage, t } from "../words";
import { isTag, languageName, OFFERED } from "./languages";
import { asText } from "./plain";
import { type Marks, useScope } from "./scope";

interface PickerProps {
  marks: Marks;
  value: string;
  set: (value: string) => void;
}

/** Above so many nodes the list of them is made when it is opened. */
const MANY = 300;

/** What each node is called in lists: its label, with its name behind where another one has the same. */
export function nodeTitles(nodes: FlowDocument["nodes"]): Map<string, string> {
  const labels = Object.entries(nodes).map(([name, node]) => [name, asText(node.label) || name] as const);
  const counts = new Map<string, number>();
  for (const [, label] of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return new Map(labels.map(([name, label]) => [name, (counts.get(label) ?? 0) > 1 ? `${label} (${name})` : label]));
}

/** A node of this flow. */
export function NodePicker({ marks, value, set }: PickerProps) {
  const { document, readOnly } = useScope();
  const names = useMemo(() => nodeTitles(document.nodes), [document.nodes]);
  return (
    <select {...marks} disabled={readOnly} value={value} onChange={(event) => set(event.target.value)}>
      <option value="">{t("— none —")}</option>
      {value !== "" && !names.has(value) && (
        <option value={value}>{t("{name} (does not exist)", { name: value })}</option>
      )}
      {[...names].map(([name, title]) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}

interface TargetProps extends PickerProps {
  from: { node: string; exit: string };
}

const CREATE = "create ";

/** Where an exit leads: a node of this flow, nowhere, or a new node of a type. */
export function TargetPicker({ marks, value, set, from }: TargetProps) {
  const { document, readOnly } = useScope();
  const types = useEditor((state) => state.types);
  const addNode = useEditor((state) => state.addNode);
  const select = useEditor((state) => state.select);
  const names = useMemo(() => nodeTitles(document.nodes), [document.nodes]);
  const few = names.size <= MANY;
  const choose = (chosen: string) => {
    if (!chosen.startsWith(CREATE)) return set(chosen);
    addNode(chosen.slice(CREATE.length), { from });
    // The form stays with the node whose exit was wired, so that the next exit can follow.
    select([from.node]);
  };
  const list = useId();
  if (!few) return <TargetByName marks={marks} value={value} set={set} names={[...names.keys()]} list={list} />;
  return (
    <select {...marks} disabled={readOnly} value={value} onChange={(event) => choose(event.target.value)}>
      <option value="">{t("— not wired —")}</option>
      {value !== "" && !names.has(value) && (
        <option value={value}>{t("{name} (does not exist)", { name: value })}</option>
      )}
      <optgroup label={t("Nodes")}>
        {[...names].map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </optgroup>
      <optgroup label={t("Create…")}>
        {types.types.map((type) => (
          <option key={type.type} value={CREATE + type.type}>
            {t("New: {type}", { type: inLanguage(type.title) })}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

/** In a large flow a target is typed, with the browser's list of names below; only the name of a node is taken. */
function TargetByName({ marks, value, set, names, list }: PickerProps & { names: string[]; list: string }) {
  const { readOnly } = useScope();
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft ?? value;
  const change = (text: string) => {
    const name = text.trim();
    setDraft(text);
    if (name === "" || names.includes(name)) set(name);
  };
  return (
    <>
      <input
        {...marks}
        type="text"
        list={list}
        readOnly={readOnly}
        value={typed}
        placeholder={t("— not wired —")}
        onChange={(event) => change(event.target.value)}
        onBlur={() => setDraft(null)}
      />
      <datalist id={list}>
        {names
          .filter((name) => typed !== "" && name.includes(typed))
          .slice(0, 50)
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
    </>
  );
}

/** A language tag: those of the flow first. */
export function LanguagePicker({ marks, value, set }: PickerProps) {
  const { readOnly, document } = useScope();
  const list = useId();
  const offered = [...new Set([...document.languages, ...OFFERED])];
  return (
    <span className="form-beside">
      <input
        {...marks}
        type="text"
        className="form-code"
        list={list}
        readOnly={readOnly}
        value={value}
        onChange={(event) => set(event.target.value.trim())}
      />
      <span className="small muted">{isTag(value) ? languageName(value) : ""}</span>
      <datalist id={list}>
        {offered.map((tag) => (
          <option key={tag} value={tag}>
            {languageName(tag)}
          </option>
        ))}
      </datalist>
    </span>
  );
}

/** Every IANA time zone that the browser knows. */
const ZONES: string[] = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];

/** An IANA time zone, with the time it is there now. */
export function ZonePicker({ marks, value, set }: PickerProps) {
  const { readOnly } = useScope();
  const list = useId();
  return (
    <span className="form-beside">
      <input
        {...marks}
        type="text"
        list={list}
        readOnly={readOnly}
        value={value}
        placeholder="Asia/Shanghai"
        onChange={(event) => set(event.target.value.trim())}
      />
      <span className="small muted">{timeIn(value)}</span>
      <datalist id={list}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </span>
  );
}

function timeIn(zone: string): string {
  if (zone === "") return "";
  try {
    const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format();
    return t("now {time}", { time });
  } catch {
    return t("There is no such time zone.");
  }
}

/** The name under which a value is kept: any, with those already known offered. */
export function ValueName({ marks, value, set }: PickerProps) {
  const { readOnly, sources } = useScope();
  const list = useId();
  return (
    <>
      <input
        {...marks}
        type="text"
        className="form-code"
        list={list}
        readOnly={readOnly}
        value={value}
        spellCheck={false}
        onChange={(event) => set(event.target.value.trim())}
      />
      <datalist id={list}>
        {sources.values.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
