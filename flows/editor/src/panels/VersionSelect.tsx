import { t } from "../words";

interface Props {
  numbers: readonly number[];
  /** null for the version in force. */
  chosen: number | null;
  onChange: (number: number | null) => void;
}

/** Which published version is looked at. */
export function VersionSelect({ numbers, chosen, onChange }: Props) {
  return (
    <label className="field">
      {t("Version")}
      <select
        value={chosen ?? ""}
        onChange={(event) => onChange(event.target.value ? Number(event.target.value) : null)}
      >
        <option value="">{t("in force")}</option>
        {numbers.map((number) => (
          <option key={number} value={number}>
            {number > 0
              ? t("Version {number}", { number })
              : t("a draft on the test number ({number})", { number: -number })}
          </option>
        ))}
      </select>
    </label>
  );
}
