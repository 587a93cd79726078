import { useEffect } from "react";
import { useEditor } from "../store";
import { t } from "../words";
import { Refusal } from "./Refusal";
import { VersionRow } from "./VersionRow";
import { useVersions } from "./versions";
import "./panels.css";

/** Versions that were published, and the ways back to them. */
export function VersionsPanel() {
  const opening = useEditor((state) => state.opening);
  const { loaded, versions, busy, error, load } = useVersions();
  useEffect(() => void load(), [load]);
  const current = versions.find((version) => version.in_force)?.number ?? 0;
  return (
    <section className="panel versions" aria-label={t("Versions")} aria-busy={busy}>
      <Refusal sentence={error} />
      {loaded && versions.length === 0 && (
        <p className="muted">{t("This flow has not been published yet. Calls reach it once it is.")}</p>
      )}
      <ol className="version-list">
        {versions.map((version, index) => (
          <VersionRow key={version.number} version={version} earlier={versions[index + 1] ?? null} current={current} />
        ))}
      </ol>
      {opening.links.versions && (
        <p>
          <a href={opening.links.versions}>{t("All about the versions")}</a>
        </p>
      )}
    </section>
  );
}
