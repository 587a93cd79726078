import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { t } from "../words";
import { accept, type Spot, spotInExpression, spotInTemplate, suggest } from "./completion";
import { type Marks, useScope } from "./scope";

interface Props {
  marks: Marks;
  value: string;
  set: (text: string) => void;
  /** "template" completes only inside {{ holes }}. */
  kind: "expression" | "template";
  rows?: number;
  maxLength?: number | undefined;
  lang?: string | undefined;
  label?: string | undefined;
  placeholder?: string | undefined;
}

/** A text with completion: a list below it that the arrow keys walk, Enter or Tab takes, and Escape closes. */
export function Completing({ marks, value, set, kind, rows, maxLength, lang, label, placeholder }: Props) {
  const { readOnly, sources } = useScope();
  const [spot, setSpot] = useState<Spot | null>(null);
  const [active, setActive] = useState(0);
  const field = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const list = useId();
  const found = spot && !readOnly ? suggest(spot, sources) : [];
  const open = found.length > 0;
  const chosen = Math.min(active, found.length - 1);

  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const look = (text: string, place: number, asked: boolean) => {
    const next = kind === "template" ? spotInTemplate(text, place) : spotInExpression(text, place);
    const wanted = asked || kind === "template" || (next !== null && next.word !== "");
    setSpot(wanted ? next : null);
    setActive(0);
  };
  const take = (index: number) => {
    const suggestion = found[index];
    if (!spot || !suggestion) return;
    const done = accept(value, spot, suggestion, kind === "template");
    caret.current = done.caret;
    set(done.text);
    setSpot(null);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      look(value, field.current?.selectionStart ?? 0, true);
      return;
    }
    if (!open || event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) setActive((chosen + step + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") setSpot(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shared = {
    ...marks,
    ref: field,
    lang,
    maxLength,
    placeholder,
    readOnly,
    value,
    spellCheck: kind === "template",
    autoComplete: "off",
    "aria-label": label,
    "aria-autocomplete": "list" as const,
    "aria-controls": open ? list : undefined,
    "aria-activedescendant": open ? `${list}-${chosen}` : undefined,
    onChange: (event: { target: { value: string; selectionStart: number | null } }) => {
      set(event.target.value);
      look(event.target.value, event.target.selectionStart ?? 0, false);
    },
    onKeyDown: press,
    onClick: () => open && setSpot(null),
    onBlur: () => setSpot(null),
  };
  return (
    <div className="form-completing">
      {rows ? (
        <textarea {...shared} rows={rows} aria-haspopup="listbox" />
      ) : (
        <input {...shared} type="text" className="form-code" role="combobox" aria-expanded={open} />
      )}
      {open && (
        <div id={list} role="listbox" className="form-options" aria-label={t("Suggestions")}>
          {found.map((suggestion, index) => (
            // The keys are those of the text field, as a combobox has them.
            <div
              key={suggestion.kind + suggestion.label}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              ref={(item) => {
                if (item && index === chosen) item.scrollIntoView({ block: "nearest" });
              }}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(index)}
            >
              <code>{suggestion.label}</code>
              <span className="kind">{KIND_WORDS[suggestion.kind]()}</span>
              <span className="detail">{suggestion.detail}</span>
            </div>
          ))}
        </div>
      )}
      <span className="visually-hidden" aria-live="polite">
        {open ? t("{count} suggestions, arrow keys to choose", { count: found.length }) : ""}
      </span>
    </div>
  );
}

const KIND_WORDS = {
  value: () => t("value"),
  function: () => t("function"),
  operator: () => t("operator"),
  filter: () => t("filter"),
};
