import type { Heat } from "../model/types";
import { useEditor } from "../store";
import { figure, t } from "../words";
import { callsUrl, exitRows, type HeatRow, heatRows, type Measure, percent } from "./heat_rows";
import { NodeLink } from "./NodeLink";
import { exitTitle } from "./names";

interface Props {
  heat: Heat;
  measure: Measure;
  word: string;
}

/** Nodes by a measure, the most first, each with its bar. */
export function HeatTable({ heat, measure, word }: Props) {
  const rows = heatRows(heat, measure);
  const some = rows.filter((row) => row.count > 0);
  if (!some.length) return <p className="muted">{t("Nobody did at any node.")}</p>;
  return (
    <ol className="heat-list" aria-label={t("Where callers {did}", { did: word })}>
      {some.map((row) => (
        <Row key={row.node} row={row} heat={heat} measure={measure} />
      ))}
    </ol>
  );
}

function Row({ row, heat, measure }: { row: HeatRow; heat: Heat; measure: Measure }) {
  const check = useEditor((state) => state.check);
  const exits = exitRows(heat, row.node);
  const told =
    measure === "entered"
      ? figure(row.count)
      : t("{count} of {entered}, {part}", {
          count: figure(row.count),
          entered: figure(row.heat.entered),
          part: percent(row.share),
        });
  return (
    <li>
      <div className="heat-line">
        <NodeLink node={row.node} />
        <span className="heat-count">{told}</span>
      </div>
      <div className="heat-bar" aria-hidden="true">
        <i className={measure} style={{ width: percent(row.length).replace("<", "") }} />
      </div>
      <div className="heat-more">
        <details>
          <summary>{t("Exits")}</summary>
          <ul className="heat-exits">
            {exits.map(({ exit, count, share }) => (
              <li key={exit}>
                <span>{exitTitle(check, row.node, exit)}</span>
                <span className="heat-bar" aria-hidden="true">
                  <i className="entered" style={{ width: percent(share).replace("<", "") }} />
                </span>
                <span className="heat-count">{figure(count)}</span>
              </li>
            ))}
            {exits.length === 0 && <li className="muted">{t("Nobody left by an exit.")}</li>}
          </ul>
        </details>
        {heat.calls_url && <a href={callsUrl(heat, row.node, measure)}>{t("Calls")}</a>}
      </div>
    </li>
  );
}
