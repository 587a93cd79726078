import { useEffect } from "react";
import { useEditor } from "../store";
import { figure, t } from "../words";
import { HeatTable } from "./HeatTable";
import { MEASURES, type Measure } from "./heat_rows";
import { HEAT_PERIODS, useHeats } from "./heats";
import { PeriodSelect } from "./PeriodSelect";
import { Refusal } from "./Refusal";
import { VersionSelect } from "./VersionSelect";
import "./panels.css";

/** Where real callers went, and where they were lost. */
export function HeatPanel() {
  const shown = useEditor((state) => state.overlay.kind === "heat");
  const setOverlay = useEditor((state) => state.setOverlay);
  const { days, version, measure, heat, busy, error, choose, sortBy, load } = useHeats();
  useEffect(() => void load(), [load]);
  return (
    <section className="panel heat-panel" aria-label={t("Heat")} aria-busy={busy}>
      <div className="try-pair">
        <PeriodSelect days={days} periods={HEAT_PERIODS} onChange={(chosen) => choose({ days: chosen })} />
        <VersionSelect
          numbers={heat?.versions ?? []}
          chosen={version}
          onChange={(chosen) => choose({ version: chosen })}
        />
      </div>
      <Refusal sentence={error} />
      {heat && (
        <>
          <p role="status">
            {heat.calls === 0
              ? t("There were no such calls in this time.")
              : t("{calls} calls in this time.", { calls: figure(heat.calls) })}
          </p>
          <label className="check">
            <input
              type="checkbox"
              checked={shown}
              onChange={(event) => setOverlay(event.target.checked ? { kind: "heat", heat } : { kind: "none" })}
            />
            {t("Show on the canvas")}
          </label>
        </>
      )}
      {heat && heat.calls > 0 && (
        <>
          <label className="field">
            {t("Where callers")}
            <select value={measure} onChange={(event) => sortBy(event.target.value as Measure)}>
              {MEASURES.map((key) => (
                <option key={key} value={key}>
                  {measureWord(key)}
                </option>
              ))}
            </select>
          </label>
          <HeatTable heat={heat} measure={measure} word={measureWord(measure)} />
        </>
      )}
    </section>
  );
}

/** Follows "Where callers". */
function measureWord(measure: Measure): string {
  const words: Record<Measure, string> = {
    hung_up: t("hung up"),
    failed: t("met a failure"),
    person: t("asked for a person"),
    no_match: t("were not understood"),
    no_input: t("said nothing"),
    entered: t("came by"),
  };
  return words[measure];
}
