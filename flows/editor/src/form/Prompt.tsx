import type { Schema } from "../model/types";
import { t } from "../words";
import { Completing } from "./Completing";
import { Fold } from "./Fold";
import { languageName } from "./languages";
import { ProblemNotes } from "./Place";
import { Play } from "./Play";
import { asObject, asText, dotted, type Path, problemsAt } from "./plain";
import { idOf, useScope } from "./scope";
import { audioOf, silentIn, spokenOf, textOf } from "./spoken";

/** What is spoken, per language of the flow, side by side where there is room. */
export function PromptControl({ path, value, title }: { path: Path; value: unknown; title: string }) {
  const { document, wide, set } = useScope();
  const prompt = asObject(value);
  const languages = [...document.languages, ...Object.keys(prompt).filter((tag) => !document.languages.includes(tag))];
  const silent = silentIn(prompt, document.languages);
  const write = (tag: string, spoken: unknown) => {
    const next = { ...prompt, [tag]: spoken };
    if (spoken === undefined) delete next[tag];
    set(path, Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <div className={`form-languages${wide ? " wide" : ""}`}>
      {languages.map((tag) => (
        <SpokenBox
          key={tag}
          path={[...path, tag]}
          tag={tag}
          title={title}
          spoken={prompt[tag]}
          missing={silent.includes(tag)}
          foreign={!document.languages.includes(tag)}
          others={languages.filter((other) => other !== tag && textOf(prompt[other]).trim() !== "")}
          source={prompt}
          write={(spoken) => write(tag, spoken)}
        />
      ))}
    </div>
  );
}

interface BoxProps {
  path: Path;
  tag: string;
  title: string;
  spoken: unknown;
  missing: boolean;
  foreign: boolean;
  others: string[];
  source: Record<string, unknown>;
  write: (spoken: unknown) => void;
}

function SpokenBox({ path, tag, title, spoken, missing, foreign, others, source, write }: BoxProps) {
  const { owner, problems, readOnly } = useScope();
  const found = problemsAt(problems, dotted(path));
  const id = idOf(owner, path);
  const text = textOf(spoken);
  return (
    <div className={`form-spoken${missing ? " missing" : ""}`} data-field={dotted(path)}>
      <div className="form-spoken-head">
        <label htmlFor={id}>
          {languageName(tag)} <code>{tag}</code>
        </label>
        {missing && <span className="chip amber">{t("missing")}</span>}
        {foreign && <span className="chip grey">{t("not a language of this flow")}</span>}
      </div>
      <SpokenText path={path} tag={tag} spoken={spoken} label={`${title}, ${languageName(tag)}`} write={write} />
      {!readOnly && text.trim() === "" && others.length > 0 && (
        <div className="row">
          {others.map((other) => (
            <button key={other} type="button" className="quiet small" onClick={() => write(source[other])}>
              {t("Copy from {language}", { language: languageName(other) })}
            </button>
          ))}
        </div>
      )}
      {!readOnly && foreign && (
        <button type="button" className="quiet small" onClick={() => write(undefined)}>
          {t("Remove this text")}
        </button>
      )}
      <ProblemNotes id={`${id}-problems`} problems={found} />
    </div>
  );
}

interface TextProps {
  path: Path;
  tag: string;
  spoken: unknown;
  label: string;
  write: (spoken: unknown) => void;
}

/** One text with its seconds, play button and sound file. */
function SpokenText({ path, tag, spoken, label, write }: TextProps) {
  const { owner, problems, seconds, document, readOnly } = useScope();
  const [text, audio] = [textOf(spoken), audioOf(spoken)];
  const found = problemsAt(problems, dotted(path));
  const id = idOf(owner, path);
  const spent = seconds[dotted(path)];
  const marks = {
    id,
    ...(found.length > 0 ? { "aria-describedby": `${id}-problems` } : {}),
    ...(found.some(({ level }) => level === "error") ? { "aria-invalid": true as const } : {}),
  };
  return (
    <>
      <Completing
        marks={marks}
        kind="template"
        rows={Math.min(8, Math.max(2, Math.ceil(text.length / 44)))}
        lang={tag}
        label={label}
        value={text}
        set={(next) => write(spokenOf(next, audio))}
      />
      <div className="form-spoken-foot">
        <Play text={text} language={tag} voice={asText(asObject(document.voice)[tag])} />
        {spent !== undefined && text !== "" && (
          <span className="muted small">{t("about {seconds} s", { seconds: spent.toFixed(1) })}</span>
        )}
        <Fold
          className="form-audio"
          open={audio !== ""}
          summary={<summary className="small">{t("Sound file")}</summary>}
        >
          <input
            type="text"
            className="form-code"
            readOnly={readOnly}
            aria-label={t("Sound file for {what}", { what: label })}
            placeholder={t("greeting.wav")}
            value={audio}
            onChange={(event) => write(spokenOf(text, event.target.value))}
          />
        </Fold>
      </div>
    </>
  );
}

/** One prompt without languages: the language stands beside it in the document, or is the flow's first. */
export function SpokenControl(props: { path: Path; value: unknown; title: string; schema: Schema; tag: string }) {
  const { set, owner } = useScope();
  const id = idOf(owner, props.path);
  return (
    <div className="form-spoken" lang={props.tag}>
      <label htmlFor={id} className="visually-hidden">
        {props.title}
      </label>
      <SpokenText
        path={props.path}
        tag={props.tag}
        spoken={props.value}
        label={props.title}
        write={(spoken) => set(props.path, spoken ?? "")}
      />
    </div>
  );
}
