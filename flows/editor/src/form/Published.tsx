import { useEditor } from "../store";
import { t } from "../words";

/** It is done: the version's number, and where to go from here. */
export function Published({ number }: { number: number }) {
  const links = useEditor((state) => state.opening.links);
  return (
    <div className="notice form-published" role="status">
      <strong>{t("Version {number} is published.", { number })}</strong>
      <p>{t("Calls that are under way go on with the version they began with.")}</p>
      <div className="row">
        {links.phone && (
          <a className="button small" href={links.phone}>
            {t("Call it")}
          </a>
        )}
        {links.versions && (
          <a className="button small" href={links.versions}>
            {t("Versions")}
          </a>
        )}
      </div>
    </div>
  );
}
