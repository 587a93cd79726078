import { useEffect } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { PeriodSelect } from "./PeriodSelect";
import { Refusal } from "./Refusal";
import { ReplayResult } from "./ReplayResult";
import { PERIODS, useReplays } from "./replays";
import { VersionSelect } from "./VersionSelect";
import { useVersions } from "./versions";
import "./panels.css";

/** What would have become of real calls with this draft. */
export function ReplayPanel() {
  const document = useEditor((state) => state.document);
  const { days, version, replay, ranOn, busy, error, choose, run } = useReplays();
  const { versions, load } = useVersions();
  useEffect(() => void load(), [load]);
  return (
    <section className="panel replay" aria-label={t("Replay")} aria-busy={busy}>
      <p className="muted">
        {t("Real calls of the published flow, run through this draft: what was pressed and said then, answered now.")}
      </p>
      <div className="try-pair">
        <PeriodSelect days={days} periods={PERIODS} onChange={(chosen) => choose({ days: chosen })} />
        <VersionSelect
          numbers={versions.map(({ number }) => number)}
          chosen={version}
          onChange={(chosen) => choose({ version: chosen })}
        />
      </div>
      <button type="button" className="primary" disabled={busy} onClick={() => void run()}>
        {busy ? t("Replaying…") : t("Replay the calls")}
      </button>
      {busy && <progress aria-label={t("Replaying…")} />}
      <Refusal sentence={error} />
      {replay && ranOn !== document && <p className="muted">{t("The flow has changed since this replay.")}</p>}
      {replay && !busy && <ReplayResult replay={replay} />}
    </section>
  );
}
