import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { t } from "../words";
import { languageName } from "./languages";
import { ProblemNotes } from "./Place";
import { asList, asObject, dotted, type Path, problemsAt } from "./plain";
import { idOf, type Marks, useScope } from "./scope";
import { addWords } from "./word_chips";

interface ChipsProps {
  marks: Marks;
  words: readonly string[];
  set: (words: string[]) => void;
  label: string;
  lang?: string;
}

/** Words as chips: Enter, a comma or a paste of lines adds, Backspace in the empty field takes the last one out. */
export function Chips({ marks, words, set, label, lang }: ChipsProps) {
  const { readOnly } = useScope();
  const [text, setText] = useState("");
  const [sentence, setSentence] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const add = (typed: string) => {
    const added = addWords(words, typed);
    if (added.words.length > words.length) set(added.words);
    setText("");
    setSentence(added.refused.length > 0 ? t("Already there: {words}.", { words: added.refused.join(", ") }) : "");
  };
  const remove = (index: number) => {
    set(words.filter((_, place) => place !== index));
    setSentence(t("Removed: {word}.", { word: words[index] ?? "" }));
    field.current?.focus();
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add(text);
    } else if (event.key === "Backspace" && text === "" && words.length > 0) {
      event.preventDefault();
      remove(words.length - 1);
    }
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData("text");
    if (!/[\n\t,;，；、]/u.test(pasted)) return;
    event.preventDefault();
    add(text + pasted);
  };
  return (
    <div className="form-chips-box">
      <ul className="form-chips" lang={lang}>
        {words.map((word, index) => (
          <li key={word} className="chip plain accent">
            <span>{word}</span>
            {!readOnly && (
              <button type="button" aria-label={t("Remove {word}", { word })} onClick={() => remove(index)}>
                <span aria-hidden="true">×</span>
              </button>
            )}
          </li>
        ))}
        {!readOnly && (
          <li className="form-chips-new">
            <input
              {...marks}
              ref={field}
              type="text"
              lang={lang}
              aria-label={label}
              placeholder={words.length === 0 ? t("Type, then Enter") : t("Add")}
              value={text}
              onChange={(event) => {
                // An input method types a Chinese comma without a key that could be heard.
                if (/[,，、；;]$/u.test(event.target.value)) return add(event.target.value);
                setText(event.target.value);
                setSentence("");
              }}
              onKeyDown={press}
              onPaste={paste}
              onBlur={() => text.trim() !== "" && add(text)}
            />
          </li>
        )}
      </ul>
      <p className="form-said small muted" aria-live="polite">
        {sentence}
      </p>
    </div>
  );
}

/** Words per language: one row of chips for each. */
export function WordsControl({ path, value, title }: { path: Path; value: unknown; title: string }) {
  const { document, wide, owner, problems, set } = useScope();
  const words = asObject(value);
  const languages = [...document.languages, ...Object.keys(words).filter((tag) => !document.languages.includes(tag))];
  const write = (tag: string, chips: string[]) => {
    const next: Record<string, unknown> = { ...words, [tag]: chips };
    if (chips.length === 0) delete next[tag];
    set(path, Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <div className={`form-languages${wide ? " wide" : ""}`}>
      {languages.map((tag) => {
        const place = [...path, tag];
        const id = idOf(owner, place);
        return (
          <div key={tag} className="form-spoken" data-field={dotted(place)}>
            <label htmlFor={id} className="form-spoken-head">
              {languageName(tag)}
            </label>
            <Chips
              marks={{ id }}
              words={asList(words[tag]).map(String)}
              set={(chips) => write(tag, chips)}
              label={`${title}, ${languageName(tag)}`}
              lang={tag}
            />
            <ProblemNotes id={`${id}-problems`} problems={problemsAt(problems, dotted(place))} />
          </div>
        );
      })}
    </div>
  );
}
