import { type KeyboardEvent, useId } from "react";

interface Props {
  label: string;
  value: string;
  error: string;
  onChange: (text: string) => void;
}

/** A scenario as text; what the desk says about it stands below. */
export function YamlField({ label, value, error, onChange }: Props) {
  const id = useId();
  const keep = (event: KeyboardEvent) => event.stopPropagation();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="panel-yaml"
        spellCheck={false}
        rows={Math.min(22, Math.max(6, value.split("\n").length + 1))}
        value={value}
        aria-invalid={error !== ""}
        aria-describedby={`${id}-error`}
        onKeyDown={keep}
        onChange={(event) => onChange(event.target.value)}
      />
      <span id={`${id}-error`} className="try-failure" role={error ? "alert" : undefined}>
        {error}
      </span>
    </div>
  );
}
