import { t } from "../words";

interface Props {
  days: number;
  periods: readonly number[];
  onChange: (days: number) => void;
}

/** How far back is looked. */
export function PeriodSelect({ days, periods, onChange }: Props) {
  return (
    <label className="field">
      {t("Calls of")}
      <select value={days} onChange={(event) => onChange(Number(event.target.value))}>
        {periods.map((period) => (
          <option key={period} value={period}>
            {period === 1 ? t("the last day") : t("the last {days} days", { days: period })}
          </option>
        ))}
      </select>
    </label>
  );
}
