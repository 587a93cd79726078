import { useState } from "react";
import { language } from "../api";
import type { FlowDocument, Types } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { isTag, languageName, OFFERED } from "./languages";
import { Place } from "./Place";
import { asObject, moved, put } from "./plain";
import { type FormField, helpOf, titleOf } from "./schema";
import { useScope } from "./scope";
import { missingTexts, promptPlaces } from "./spoken";
import { useFieldWords } from "./useFieldWords";

const SHOWN = 8;

/** The languages that the flow speaks: added, taken out with their texts, and what each still lacks. */
export function FlowLanguages({ field }: { field: FormField }) {
  const { document, readOnly, set } = useScope();
  const { languages } = document;
  const shift = (index: number, by: number) => set(["languages"], [...moved(languages, index, by)]);
  return (
    <Place
      path={["languages"]}
      title={titleOf(field.name, field.schema, language())}
      help={helpOf(field.schema, language())}
      required
      as="group"
    >
      {() => (
        <>
          <ol className="form-flow-languages">
            {languages.map((tag, index) => (
              <LanguageRow
                key={tag}
                tag={tag}
                first={index === 0}
                only={languages.length === 1}
                up={() => shift(index, -1)}
              />
            ))}
          </ol>
          {!readOnly && <NewLanguage taken={languages} add={(tag) => set(["languages"], [...languages, tag])} />}
        </>
      )}
    </Place>
  );
}

function LanguageRow({ tag, first, only, up }: { tag: string; first: boolean; only: boolean; up: () => void }) {
  const { document, readOnly } = useScope();
  const types = useEditor((state) => state.types);
  const { change, focusField } = useEditor.getState();
  const words = useFieldWords();
  const [asking, setAsking] = useState(false);
  const missing = missingTexts(document, tag, types.types, types.$defs);
  const texts = promptPlaces(document, types.types, types.$defs).filter(
    ({ prompt }) => prompt[tag] !== undefined,
  ).length;
  const remove = () => change(t("Remove {what}", { what: languageName(tag) }), (d) => without(d, tag, types));
  return (
    <li>
      <div className="row">
        <strong>{languageName(tag)}</strong> <code>{tag}</code>
        {first && <span className="chip accent">{t("spoken first")}</span>}
        {missing.length === 0 && <span className="chip green">{t("complete")}</span>}
        {missing.length > 0 && (
          <span className="chip amber">{t("{count} texts missing", { count: missing.length })}</span>
        )}
        {!readOnly && !first && (
          <button
            type="button"
            className="quiet small"
            aria-label={t("Move {what} up", { what: languageName(tag) })}
            onClick={up}
          >
            ↑
          </button>
        )}
        {!readOnly && !only && !asking && (
          <button type="button" className="quiet small" onClick={() => setAsking(true)}>
            {t("Remove")}
          </button>
        )}
      </div>
      {asking && (
        <div className="notice warning">
          <p>
            {t("Remove {language} and its {count} texts from this flow? It can be undone.", {
              language: languageName(tag),
              count: texts,
            })}
          </p>
          <div className="row">
            <button type="button" className="small danger" onClick={remove}>
              {t("Remove")}
            </button>
            <button type="button" className="small" onClick={() => setAsking(false)}>
              {t("Keep")}
            </button>
          </div>
        </div>
      )}
      {missing.length > 0 && (
        <ul className="form-missing">
          {missing.slice(0, SHOWN).map(({ node, field }) => (
            <li key={`${node} ${field}`}>
              <button type="button" className="quiet small" onClick={() => focusField(node, field)}>
                {document.nodes[node]?.label || node}{" "}
                <span className="muted">{words(node, field.split(".").slice(0, -1).join("."))}</span>
              </button>
            </li>
          ))}
          {missing.length > SHOWN && (
            <li className="small muted">{t("and {count} more", { count: missing.length - SHOWN })}</li>
          )}
        </ul>
      )}
    </li>
  );
}

/** The document without a language: its tag, its voice, and every text in it. */
function without(document: FlowDocument, tag: string, types: Types): FlowDocument {
  const places = promptPlaces(document, types.types, types.$defs);
  const cleared = places.reduce(
    (found, { node, path }) => put(found, ["nodes", node, ...path, tag], undefined),
    document,
  );
  const { [tag]: _voice, ...voice } = asObject(document.voice);
  return {
    ...cleared,
    languages: document.languages.filter((other) => other !== tag),
    ...(document.voice === undefined ? {} : { voice }),
  };
}

function NewLanguage({ taken, add }: { taken: readonly string[]; add: (tag: string) => void }) {
  const [tag, setTag] = useState("");
  const sentence =
    tag === ""
      ? ""
      : taken.includes(tag)
        ? t("The flow speaks it already.")
        : isTag(tag)
          ? ""
          : t("Write a tag such as en-US or zh-CN.");
  const submit = () => {
    if (tag === "" || sentence) return;
    add(tag);
    setTag("");
  };
  return (
    <div className="form-entry-new">
      <input
        list="form-offered-languages"
        aria-label={t("Another language")}
        placeholder={t("Another language")}
        value={tag}
        aria-invalid={sentence !== "" || undefined}
        onChange={(event) => setTag(event.target.value.trim())}
        onKeyDown={(event) => event.key === "Enter" && submit()}
      />
      <datalist id="form-offered-languages">
        {OFFERED.filter((offered) => !taken.includes(offered)).map((offered) => (
          <option key={offered} value={offered}>
            {languageName(offered)}
          </option>
        ))}
      </datalist>
      <button type="button" className="small" disabled={tag === "" || sentence !== ""} onClick={submit}>
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
