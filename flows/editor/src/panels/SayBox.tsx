import { type FormEvent, useState } from "react";
import type { Step } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { percent } from "./heat_rows";
import { type Clarity, confidenceOf, saying } from "./steps";

interface Props {
  hints: readonly string[];
  disabled: boolean;
  /** The call is being put through, or stands in a queue: nobody listens. */
  waiting: boolean;
  onAct: (step: Step) => void;
}

/** What the caller says and how well it is understood, or that nothing is said any more. */
export function SayBox({ hints, disabled, waiting, onAct }: Props) {
  const document = useEditor((state) => state.document);
  const [text, setText] = useState("");
  const [clarity, setClarity] = useState<Clarity>("sure");
  const confidence = confidenceOf(document, clarity);
  const say = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    onAct(saying(text.trim(), confidence));
    setText("");
  };
  const part = (wanted: Clarity) => percent(confidenceOf(document, wanted) ?? 1);
  return (
    <form className="try-say" onSubmit={say}>
      <input
        type="text"
        aria-label={t("What the caller says")}
        placeholder={t("Say something…")}
        value={text}
        maxLength={500}
        disabled={disabled}
        list="try-hints"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <datalist id="try-hints">
        {hints.map((hint) => (
          <option key={hint} value={hint} />
        ))}
      </datalist>
      <button type="submit" className="primary" disabled={disabled || !text.trim()}>
        {t("Say it")}
      </button>
      <div className="try-deeds">
        <select
          aria-label={t("How well it is understood")}
          value={clarity}
          disabled={disabled}
          onChange={(event) => setClarity(event.target.value as Clarity)}
        >
          <option value="sure">{t("understood")}</option>
          <option value="unsure">{t("unsure, {part}", { part: part("unsure") })}</option>
          <option value="poor">{t("hardly, {part}", { part: part("poor") })}</option>
        </select>
        <button type="button" disabled={disabled} onClick={() => onAct({ silence: true })}>
          {waiting ? t("Wait") : t("Say nothing")}
        </button>
        <button type="button" className="danger" disabled={disabled} onClick={() => onAct({ hang_up: true })}>
          {t("Hang up")}
        </button>
      </div>
    </form>
  );
}
