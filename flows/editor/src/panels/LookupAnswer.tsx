import { useState } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { answerWord } from "./outcome_words";
import { useSamples } from "./samples";
import { type Answer, exampleBody, OUTCOMES, readJson, type Sample } from "./settings";

interface Props {
  node: string;
  label: string;
  answer: Answer | null;
  samples: readonly Sample[];
  onChange: (answer: Answer | null) => void;
}

/** The answer of one lookup: a kept sample, or an outcome with JSON of one's own that can be kept. */
export function LookupAnswer({ node, label, answer, samples, onChange }: Props) {
  const document = useEditor((state) => state.document);
  const first = samples[0];
  const same = samples.find((sample) => answer && sameAnswer(sample, answer));
  const choose = (value: string) => {
    if (!value) onChange(null);
    else if (value.startsWith("sample ")) {
      const sample = samples.find((s) => s.name === value.slice(7));
      if (sample) onChange(plainAnswer(sample));
    } else onChange(value === "ok" ? { outcome: "ok", body: exampleBody(document, node) } : { outcome: value });
  };
  return (
    <div className="try-lookup">
      <label className="field">
        {label}
        <select value={same ? `sample ${same.name}` : (answer?.outcome ?? "")} onChange={(e) => choose(e.target.value)}>
          <option value="">
            {first ? t("the first sample: {name}", { name: first.name }) : t("no answer is set")}
          </option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {answerWord(outcome)}
            </option>
          ))}
          {samples.map((sample) => (
            <option key={sample.name} value={`sample ${sample.name}`}>
              {t("sample: {name}", { name: sample.name })}
            </option>
          ))}
        </select>
      </label>
      {answer && (
        <LookupBody key={same?.name ?? answer.outcome} node={node} label={label} answer={answer} onChange={onChange} />
      )}
    </div>
  );
}

interface BodyProps {
  node: string;
  label: string;
  answer: Answer;
  onChange: (answer: Answer) => void;
}

function LookupBody({ node, label, answer, onChange }: BodyProps) {
  const mayEdit = useEditor((state) => state.opening.may_edit);
  const keep = useSamples((state) => state.keep);
  const [typed, setTyped] = useState(() => JSON.stringify(answer.body ?? null, null, 1));
  const [name, setName] = useState("");
  const { error } = readJson(typed);
  const edit = (text: string) => {
    setTyped(text);
    const read = readJson(text);
    if (!read.error) onChange({ ...answer, body: read.value });
  };
  return (
    <div className="try-body">
      {answer.outcome === "ok" && (
        <label className="field">
          {t("Answer as JSON")}
          <textarea
            aria-label={t("Answer of {node} as JSON", { node: label })}
            aria-invalid={error !== ""}
            spellCheck={false}
            rows={Math.min(14, typed.split("\n").length + 1)}
            value={typed}
            onChange={(event) => edit(event.target.value)}
          />
          {error && <span className="try-failure">{t("This is not JSON yet: {reason}", { reason: error })}</span>}
        </label>
      )}
      {mayEdit && (
        <div className="row">
          <input
            type="text"
            className="grow"
            aria-label={t("Name of the sample")}
            placeholder={t("Keep as a sample named…")}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button
            type="button"
            className="small"
            disabled={!name.trim() || error !== ""}
            onClick={() => {
              void keep({ node, name: name.trim(), ...answer });
              setName("");
            }}
          >
            {t("Keep")}
          </button>
        </div>
      )}
    </div>
  );
}

function plainAnswer(sample: Sample): Answer {
  const { outcome, status, body } = sample;
  return { outcome, ...(status ? { status } : {}), ...(body === undefined || body === null ? {} : { body }) };
}

function sameAnswer(sample: Sample, answer: Answer): boolean {
  return JSON.stringify(plainAnswer(sample)) === JSON.stringify(plainAnswer({ ...sample, status: null, ...answer }));
}
