import { useState } from "react";
import { language } from "../api";
import type { Version } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { Confirm } from "./Confirm";
import { spokenTime } from "./moments";
import { compareUrl, taken, useVersions } from "./versions";

interface Props {
  version: Version;
  /** The version before it, null for the first. */
  earlier: Version | null;
  /** Number of the version in force, 0 for none. */
  current: number;
}

/** One version: who published it when and why, what it changed, and the way back to it. */
export function VersionRow({ version, earlier, current }: Props) {
  const opening = useEditor((state) => state.opening);
  const { busy, refused, fetchVersion, rollBack } = useVersions();
  const { number } = version;
  const load = async () => {
    const theirs = await fetchVersion(number);
    if (!theirs) return;
    const { change, announce } = useEditor.getState();
    change(t("Load version {number}", { number }), (document) => taken(document, theirs));
    announce(t("Version {number} is now in the draft. Undo takes it back.", { number }));
  };
  const back = async (reason: string) => {
    const note = t("Back to version {number}", { number });
    if (await rollBack(number, note, reason))
      useEditor.getState().announce(t("Calls now run version {number} again.", { number }));
  };
  return (
    <li className="version-row">
      <p className="version-head">
        <strong>{t("Version {number}", { number })}</strong>
        {version.in_force && <span className="chip green">{t("in force")}</span>}
      </p>
      <p className="muted small">
        <time dateTime={version.at}>{spokenTime(version.at, "", language())}</time>
        {version.by && ` · ${version.by}`}
      </p>
      {version.note && <p className="version-note">{version.note}</p>}
      {version.override_reason && (
        <p className="small try-failure">
          {t("Published in spite of tests: {reason}", { reason: version.override_reason })}
        </p>
      )}
      <div className="test-actions">
        <a className="button quiet small" href={compareUrl(opening.links.page, number, "draft")}>
          {t("Compare with the draft")}
        </a>
        {earlier && (
          <a className="button quiet small" href={compareUrl(opening.links.page, earlier.number, number)}>
            {t("What it changed")}
          </a>
        )}
        {opening.may_edit && (
          <Confirm
            label={t("Load into the draft")}
            question={t("The draft becomes version {number}. It can be undone.", { number })}
            verb={t("Load it")}
            calm
            disabled={busy}
            onConfirm={() => void load()}
          />
        )}
        {opening.may_publish && !version.in_force && (
          <Confirm
            label={number < current ? t("Roll back") : t("Put in force")}
            question={t("New calls run version {number} at once. Calls in progress keep theirs.", { number })}
            verb={number < current ? t("Roll back to version {number}", { number }) : t("Put in force")}
            disabled={busy}
            onConfirm={() => void back("")}
          />
        )}
      </div>
      {refused?.number === number && (
        <AllTheSame blockers={refused.blockers} onReason={(reason) => void back(reason)} />
      )}
    </li>
  );
}

/** What going back would break, and the way to do it all the same. */
function AllTheSame({ blockers, onReason }: { blockers: readonly string[]; onReason: (reason: string) => void }) {
  const [reason, setReason] = useState("");
  return (
    <div className="stack tight">
      <ul className="test-failures">
        {blockers.map((blocker) => (
          <li key={blocker}>{blocker}</li>
        ))}
      </ul>
      <label className="field">
        {t("Why roll back all the same")}
        <input type="text" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </label>
      <button type="button" className="danger small" disabled={!reason.trim()} onClick={() => onReason(reason.trim())}>
        {t("Roll back all the same")}
      </button>
    </div>
  );
}
