import { useState } from "react";
import { language } from "../api";
import type { Schema } from "../model/types";
import { t } from "../words";
import { choiceTitle } from "./schema";
import { type Marks, useScope } from "./scope";

export interface ControlProps {
  marks: Marks;
  schema: Schema;
  value: unknown;
  set: (value: unknown) => void;
}

/** One line of text, or several where the schema allows long ones. */
export function TextControl({ marks, schema, value, set }: ControlProps) {
  const { readOnly } = useScope();
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  const shared = { ...marks, readOnly, maxLength: schema.maxLength, value: text, spellCheck: false };
  if ((schema.maxLength ?? 0) > 300 || text.includes("\n")) {
    return <textarea {...shared} rows={3} onChange={(event) => set(event.target.value)} />;
  }
  return <input {...shared} type="text" onChange={(event) => set(event.target.value)} />;
}

/** A number, with the limits the schema gives. What is no number yet stays in the field and is not stored. */
export function NumberControl({ marks, schema, value, set, empty }: ControlProps & { empty: boolean }) {
  const { readOnly } = useScope();
  const [draft, setDraft] = useState<string | null>(null);
  const stored = typeof value === "number" ? String(value) : "";
  const shown = draft !== null && Number(draft) === value ? draft : (draft ?? stored);
  const change = (text: string) => {
    setDraft(text);
    if (text.trim() === "") set(empty || schema.default !== undefined ? undefined : null);
    else if (Number.isFinite(Number(text))) set(Number(text));
  };
  return (
    <input
      {...marks}
      type="number"
      readOnly={readOnly}
      className="form-number"
      value={shown}
      placeholder={schema.default === undefined || schema.default === null ? "" : String(schema.default)}
      min={schema.minimum}
      max={schema.maximum}
      step={schema.type === "integer" ? 1 : "any"}
      onChange={(event) => change(event.target.value)}
      onBlur={() => setDraft(null)}
    />
  );
}

/** One of the values that are allowed. */
export function EnumControl({ marks, schema, value, set }: ControlProps) {
  const { readOnly } = useScope();
  const allowed = (schema.enum ?? []).map(String);
  const chosen = value === undefined ? String(schema.default ?? "") : String(value);
  const unknown = allowed.includes(chosen) ? [] : [chosen];
  return (
    <select {...marks} disabled={readOnly} value={chosen} onChange={(event) => set(event.target.value)}>
      {unknown.map((word) => (
        <option key={word} value={word}>
          {word === "" ? t("— choose —") : t("{word} (not allowed)", { word })}
        </option>
      ))}
      {allowed.map((word) => (
        <option key={word} value={word}>
          {word === "" ? t("— not set —") : choiceTitle(schema, word, language())}
        </option>
      ))}
    </select>
  );
}

/** A day, as 2026-11-23. */
export function DateControl({ marks, value, set }: ControlProps) {
  const { readOnly } = useScope();
  return (
    <input
      {...marks}
      type="date"
      readOnly={readOnly}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => set(event.target.value)}
    />
  );
}

/** Any JSON, as text; what cannot be read stays in the field, with a sentence, and is not stored. */
export function JsonControl({ marks, value, set }: ControlProps) {
  const { readOnly } = useScope();
  const stored = value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
  const [draft, setDraft] = useState<string | null>(null);
  const bad = draft !== null && draft.trim() !== "" && readJson(draft) === undefined;
  const change = (text: string) => {
    setDraft(text);
    const read = readJson(text);
    if (text.trim() === "") set(undefined);
    else if (read !== undefined) set(read.value);
  };
  return (
    <>
      <textarea
        {...marks}
        className="form-code"
        readOnly={readOnly}
        rows={Math.min(10, Math.max(2, (draft ?? stored).split("\n").length))}
        spellCheck={false}
        value={draft ?? stored}
        aria-invalid={bad || marks["aria-invalid"]}
        onChange={(event) => change(event.target.value)}
        onBlur={() => !bad && setDraft(null)}
      />
      {bad && (
        <p className="form-refused" role="alert">
          {t("This is not JSON, so it is not kept. Texts stand in double quotes, and brackets are closed.")}
        </p>
      )}
    </>
  );
}

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
