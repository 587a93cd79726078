import { type KeyboardEvent, useState } from "react";
import { t } from "../words";
import { KEYS, keyOfKeyboard, keyPressed } from "./steps";

interface Props {
  choices: readonly { press: string; word: string }[];
  disabled: boolean;
  onPress: (digits: string) => void;
}

/** The keys of a telephone. While one has the focus, digits of the keyboard count too; Enter sends what was typed. */
export function Keypad({ choices, disabled, onPress }: Props) {
  const [buffer, setBuffer] = useState("");
  const press = (key: string) => {
    const keyed = keyPressed(buffer, key, choices);
    setBuffer(keyed.buffer);
    if (keyed.send !== null) onPress(keyed.send);
  };
  const send = () => {
    onPress(buffer);
    setBuffer("");
  };
  const typed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || disabled) return;
    const key = keyOfKeyboard(event.key);
    if (key) press(key);
    else if (event.key === "Backspace" && buffer) setBuffer(buffer.slice(0, -1));
    else if (event.key === "Escape" && buffer) setBuffer("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <fieldset className="try-keys" aria-label={t("Keypad")} onKeyDown={typed}>
      <div className="try-grid">
        {KEYS.map((key) => {
          const word = choices.find((choice) => choice.press === key)?.word ?? "";
          return (
            <button key={key} type="button" disabled={disabled} title={word} onClick={() => press(key)}>
              {key}
              <span className="visually-hidden">{word}</span>
            </button>
          );
        })}
      </div>
      {buffer && (
        <div className="row">
          <output className="try-typed">{buffer}</output>
          <button type="button" className="primary small" onClick={send}>
            {t("Send keys")}
          </button>
          <button type="button" className="quiet small" onClick={() => setBuffer("")}>
            {t("Clear")}
          </button>
        </div>
      )}
    </fieldset>
  );
}
