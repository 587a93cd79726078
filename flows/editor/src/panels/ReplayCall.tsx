import { language } from "../api";
import type { ReplayedCall } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { spokenTime } from "./moments";
import { nodeTitle } from "./names";
import { outcomeWord } from "./outcome_words";
import { excerpt, type Pair, pairsOf, sentenceOfCall } from "./replay_summary";

/** One call that would go another way: then and now, side by side. */
export function ReplayCall({ call }: { call: ReplayedCall }) {
  const { left, pairs } = excerpt(pairsOf(call));
  return (
    <li>
      <details>
        <summary>
          <time dateTime={call.started_at}>{spokenTime(call.started_at, "", language())}</time>{" "}
          <span className="muted">{call.caller}</span>
          <span className="replay-told">{sentenceOfCall(call)}</span>
        </summary>
        <table className="replay-turns">
          <thead>
            <tr>
              <th scope="col">{t("Then")}</th>
              <th scope="col">{t("Now")}</th>
            </tr>
          </thead>
          <tbody>
            {left > 0 && (
              <tr>
                <td colSpan={2} className="muted">
                  {left === 1
                    ? t("One exchange before is the same.")
                    : t("{count} exchanges before are the same.", { count: left })}
                </td>
              </tr>
            )}
            {pairs.map((pair, index) => (
              // The turns of a call that is over stand still.
              <tr key={index} className={pair.parts ? "parts" : pair.differs ? "differs" : ""}>
                <Side turn={pair.before} mark={pair.parts && !pair.after} />
                <Side turn={pair.after} mark={pair.parts} />
              </tr>
            ))}
            <tr>
              <td>{outcomeWord(call.before.outcome) || t("no outcome")}</td>
              <td>{outcomeWord(call.after.outcome) || t("no outcome")}</td>
            </tr>
          </tbody>
        </table>
        <p>
          <a href={call.url}>{t("Open the call")}</a>
        </p>
      </details>
    </li>
  );
}

function Side({ turn, mark }: { turn: Pair["before"]; mark: boolean }) {
  const document = useEditor((state) => state.document);
  if (!turn) return <td className="muted">{t("(nothing more)")}</td>;
  return (
    <td>
      {mark && <span className="chip amber">{t("here they part")}</span>}
      {turn.heard && <p className="replay-heard">{turn.heard}</p>}
      {turn.said && <p>{turn.said}</p>}
      <p className="muted small">{nodeTitle(document, turn.node)}</p>
    </td>
  );
}
