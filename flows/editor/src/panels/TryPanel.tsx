import { useEffect } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { AnswerArea } from "./AnswerArea";
import { Conversation } from "./Conversation";
import { present } from "./conversation";
import { Refusal } from "./Refusal";
import { SaveTest } from "./SaveTest";
import { TryNow } from "./TryNow";
import { TryOptions } from "./TryOptions";
import { TrySettings } from "./TrySettings";
import { useTryout } from "./tryout";
import { useVoice } from "./voice";
import "./panels.css";

const RERUN_AFTER_MS = 700;

/** Talk to the draft before a caller does. */
export function TryPanel() {
  const { scenario, rehearsal, unmet, busy, error, test, begin, act, backTo, configure } = useTryout();
  const spoken = useVoice((state) => state.error);
  useRerun();
  const now = present(rehearsal);
  const ended = rehearsal?.ended ?? false;
  return (
    <section className="panel try" aria-label={t("Try it")} aria-busy={busy}>
      {test && <p className="try-test">{t("Saved test: {name}", { name: test.name })}</p>}
      <TrySettings scenario={scenario} onChange={configure} />
      <Refusal sentence={error || spoken} />
      {rehearsal ? (
        <>
          <TryNow now={now} ended={ended} />
          <Conversation scenario={scenario} rehearsal={rehearsal} unmet={unmet} onBack={backTo} />
          <AnswerArea now={now} ended={ended} onAct={act} />
          <div className="row try-again">
            <button type="button" onClick={begin}>
              {t("New call")}
            </button>
            <button type="button" disabled={!scenario.steps.length} onClick={() => backTo(scenario.steps.length - 1)}>
              {t("Take the last step back")}
            </button>
          </div>
          <SaveTest />
        </>
      ) : (
        <div className="empty">
          <strong>{t("Talk to this flow")}</strong>
          <p>{t("Nobody is called and nothing is stored: tickets, messages and lookups are made up.")}</p>
          <button type="button" className="primary" disabled={busy} onClick={begin}>
            {t("Start the call")}
          </button>
        </div>
      )}
      <TryOptions />
    </section>
  );
}

/** The same steps again when the flow has changed, also behind the panel's back, once the hand rests. */
function useRerun(): void {
  const document = useEditor((state) => state.document);
  const playedOn = useTryout((state) => state.playedOn);
  useEffect(() => {
    if (!playedOn || playedOn === document) return;
    const timer = setTimeout(() => useTryout.getState().rerun(), RERUN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [document, playedOn]);
}
