import { useEffect, useRef, useState } from "react";
import { t } from "../words";

interface Props {
  /** What the button says before it is pressed. */
  label: string;
  /** What is asked then. */
  question: string;
  /** What the second button says. */
  verb: string;
  onConfirm: () => void;
  disabled?: boolean;
  /** Whether it can be undone easily. */
  calm?: boolean;
}

/** A button that asks back before it does something that is hard to take back. */
export function Confirm({ label, question, verb, onConfirm, disabled = false, calm = false }: Props) {
  const [asking, setAsking] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const [refrained, setRefrained] = useState(0);
  const refrain = () => {
    setAsking(false);
    setRefrained(refrained + 1);
  };
  // After a No the focus returns to where it was asked from.
  useEffect(() => {
    if (refrained) trigger.current?.focus();
  }, [refrained]);
  if (!asking) {
    return (
      <button type="button" className="quiet small" disabled={disabled} ref={trigger} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <fieldset
      aria-label={question}
      className="panel-confirm"
      onKeyDown={(event) => event.key === "Escape" && refrain()}
    >
      <p>{question}</p>
      <button
        type="button"
        className={calm ? "primary small" : "danger solid small"}
        disabled={disabled}
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        {verb}
      </button>
      {/* The question replaces the button that had the focus; the safe answer takes it. */}
      <button type="button" className="small" autoFocus onClick={refrain}>
        {t("No")}
      </button>
    </fieldset>
  );
}
