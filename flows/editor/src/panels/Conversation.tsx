import { useEffect, useRef } from "react";
import type { Rehearsal, Scenario } from "../model/types";
import { t } from "../words";
import { type Deed, type Row, rowsOf } from "./conversation";
import { percent } from "./heat_rows";
import { flowDeedWord, outcomeWord } from "./outcome_words";
import { PlayButton } from "./PlayButton";

interface Props {
  scenario: Scenario;
  rehearsal: Rehearsal;
  /** What did not come true at the end when a saved test was run. */
  unmet: Rehearsal["failures"];
  onBack: (step: number) => void;
}

/** What was said and heard so far. New lines are told to screen readers as they come. */
export function Conversation({ scenario, rehearsal, unmet, onBack }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const rows = rowsOf(scenario, { ...rehearsal, failures: [...rehearsal.failures, ...unmet] });
  useEffect(() => {
    if (!rehearsal.exchanges.length || !list.current) return;
    list.current.scrollTop = list.current.scrollHeight;
    // Whoever changes a setting stays there, though the conversation changes with it.
    if (!document.activeElement?.closest(".try-settings")) list.current.scrollIntoView({ block: "nearest" });
  }, [rehearsal]);
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className="conversation try-talk" role="log" aria-label={t("Conversation")} tabIndex={0} ref={list}>
      {rows.map((row, index) => (
        // Lines are only added and cut off at the end.
        <Line key={index} row={row} onBack={onBack} />
      ))}
    </div>
  );
}

function Line({ row, onBack }: { row: Row; onBack: (step: number) => void }) {
  if (row.kind === "said") {
    return (
      <div className="try-said">
        <p className="bubble bot" lang={row.language}>
          <span className="visually-hidden">{t("Flow:")} </span>
          {row.text}
        </p>
        <PlayButton text={row.text} language={row.language} />
      </div>
    );
  }
  if (row.kind === "did") {
    return (
      <div className="try-did">
        <button
          type="button"
          className="quiet small"
          title={t("Take this and all after it back")}
          aria-label={t("Back to before: {deed}", { deed: deedWords(row.deed) })}
          onClick={() => onBack(row.step)}
        >
          <span aria-hidden="true">↶</span>
        </button>
        <p className={row.deed.kind === "silence" ? "bubble caller silence" : "bubble caller"}>
          <span className="visually-hidden">{t("Caller:")} </span>
          {row.deed.kind === "press" ? <span className="keys">{row.deed.text}</span> : deedWords(row.deed)}
        </p>
      </div>
    );
  }
  if (row.kind === "check") {
    return (
      <p className={row.failed ? "try-check bad" : "try-check"}>
        {row.failed ? t("Not so:") : t("Expected:")} {deedWords(row.deed)}
      </p>
    );
  }
  if (row.kind === "failure") return <p className="try-failure">{row.text}</p>;
  if (row.kind === "deed") return <p className="event">{flowDeedWord(row.how)}</p>;
  if (row.kind === "note") return <p className="event">{row.text}</p>;
  return (
    <p className="event try-end">
      {row.text ? t("The call is over: {outcome}", { outcome: outcomeWord(row.text) }) : t("The call is over.")}
    </p>
  );
}

/** A deed for people. */
export function deedWords(deed: Deed): string {
  switch (deed.kind) {
    case "silence":
      return t("(says nothing)");
    case "hang_up":
      return t("(hangs up)");
    case "wait":
      return t("(waits {time})", { time: deed.text });
    case "hear":
      return t("hears “{words}”", { words: deed.text });
    case "say":
      return deed.confidence === null ? deed.text : `${deed.text} (${percent(deed.confidence)})`;
    default:
      return deed.text;
  }
}
