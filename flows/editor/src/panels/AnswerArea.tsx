import type { Exchange, Step } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { Keypad } from "./Keypad";
import { SayBox } from "./SayBox";
import { saying, spread } from "./steps";

interface Props {
  now: Exchange | null;
  ended: boolean;
  onAct: (step: Step) => void;
}

const SHOWN_HINTS = 4;
const WIDE_PX = 640;

/** All that a caller can do: answers that fit now, words, keys, silence, hanging up. */
export function AnswerArea({ now, ended, onAct }: Props) {
  const choices = now?.choices ?? [];
  const hints = now?.hints ?? [];
  const document = useEditor((state) => state.document);
  // Where a number is collected, the phrases are its digits: no answers to click.
  const digits = !now || document.nodes[now.node]?.type === "collect";
  const quick = digits ? [] : spread(hints, SHOWN_HINTS);
  return (
    <section className="try-answer" aria-label={t("The caller's turn")}>
      {choices.length + quick.length > 0 && !ended && (
        <ul className="try-quick" aria-label={t("Answers that fit now")}>
          {choices.map((choice) => (
            <li key={`${choice.press} ${choice.word}`}>
              <button type="button" className="small" onClick={() => onAct({ press: choice.press })}>
                <kbd>{choice.press}</kbd> {choice.word}
              </button>
            </li>
          ))}
          {quick.map((hint) => (
            <li key={hint}>
              <button type="button" className="small quick-word" onClick={() => onAct(saying(hint, null))}>
                “{hint}”
              </button>
            </li>
          ))}
        </ul>
      )}
      <SayBox
        hints={hints}
        disabled={ended}
        waiting={now?.waits_for === "dial" || now?.waits_for === "enqueue"}
        onAct={onAct}
      />
      <details className="try-hands" open={window.innerWidth > WIDE_PX}>
        <summary>{t("Keypad")}</summary>
        <Keypad choices={choices} disabled={ended} onPress={(keys) => onAct({ press: keys })} />
      </details>
    </section>
  );
}
