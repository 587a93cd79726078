import type { Exchange } from "../model/types";
import { t } from "../words";
import { NodeLink } from "./NodeLink";
import { outcomeWord, waitsWord } from "./outcome_words";
import { shown } from "./settings";

interface Props {
  now: Exchange | null;
  ended: boolean;
}

/** Where the call is, what it waits for, and the values it has. */
export function TryNow({ now, ended }: Props) {
  if (!now) return null;
  const values = Object.entries(now.values).filter(([, value]) => shown(value) !== "");
  return (
    <div className="try-now">
      <p className="row">
        <span className={ended ? "chip square" : "chip green"}>{ended ? t("over") : t("talking")}</span>
        {now.flow ? <span className="node-name">{`${now.flow} › ${now.node}`}</span> : <NodeLink node={now.node} />}
        <span className="muted small">
          {[ended ? outcomeWord(now.outcome) : waitsWord(now.waits_for), now.language].filter(Boolean).join(" · ")}
        </span>
      </p>
      <details>
        <summary>
          {t("Values")} <span className="count">{values.length}</span>
        </summary>
        {values.length ? (
          <table className="try-values">
            <tbody>
              {values.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{shown(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <p className="muted">{t("The call has no values yet.")}</p>
        )}
      </details>
    </div>
  );
}
