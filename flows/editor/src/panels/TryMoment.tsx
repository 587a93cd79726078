import { useState } from "react";
import { t } from "../words";
import { localOf, momentOf, type Preset, presets, sameMoment } from "./moments";

interface Props {
  /** ISO 8601, or words of the scenario format such as "Sunday 03:00"; "" for the present moment. */
  at: string;
  zone: string;
  onChange: (at: string) => void;
}

/** When the call takes place: a preset, or any time in the flow's own zone. */
export function TryMoment({ at, zone, onChange }: Props) {
  const [own, setOwn] = useState(false);
  const choices = presets(new Date(), zone);
  const chosen = own ? "own" : (choices.find((preset) => sameMoment(preset.at, at))?.key ?? "own");
  const choose = (key: string) => {
    setOwn(key === "own");
    if (key === "own") onChange(localOf(at, zone) ? at : momentOf(localOf(new Date().toISOString(), zone), zone));
    else onChange(choices.find((preset) => preset.key === key)?.at ?? "");
  };
  return (
    <div className="try-pair">
      <label className="field">
        {t("Date and time")}
        <select value={chosen} onChange={(event) => choose(event.target.value)}>
          {choices.map(({ key }) => (
            <option key={key} value={key}>
              {presetWord(key)}
            </option>
          ))}
          <option value="own">{t("another time…")}</option>
        </select>
        <span className="hint">{t("Clock of {zone}", { zone })}</span>
      </label>
      {at && (
        <label className="field">
          {t("The clock shows")}
          <input
            type="datetime-local"
            value={localOf(at, zone)}
            onChange={(event) => {
              const moment = momentOf(event.target.value, zone);
              if (moment) onChange(moment);
            }}
          />
        </label>
      )}
    </div>
  );
}

function presetWord(key: Preset["key"]): string {
  const words: Record<Preset["key"], string> = {
    now: t("now"),
    monday: t("Monday 10:00"),
    sunday: t("Sunday 03:00"),
    year_end: t("31 December 12:00"),
    new_year: t("1 January 09:00"),
  };
  return words[key];
}
