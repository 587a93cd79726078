import { language } from "../api";
import type { Scenario } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { flowZone, spokenTime } from "./moments";
import { expectedValues, typedOf, withCall, withSetting, withValue } from "./settings";
import { TryLookups } from "./TryLookups";
import { TryMoment } from "./TryMoment";
import { TryTransfers } from "./TryTransfers";

interface Props {
  scenario: Scenario;
  onChange: (scenario: Scenario) => void;
}

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** With what a call is tried: when, who calls, in which language, with which values and answers. */
export function TrySettings({ scenario, onChange }: Props) {
  const document = useEditor((state) => state.document);
  const zone = flowZone(document, browserZone);
  const values = expectedValues(document);
  return (
    <details className="try-settings">
      <summary>
        {t("Settings")} <span className="muted">{summary(scenario, zone)}</span>
      </summary>
      <div className="stack tight">
        <TryMoment
          at={scenario.setting?.at ?? ""}
          zone={zone}
          onChange={(at) => onChange(withSetting(scenario, "at", at))}
        />
        <div className="try-pair">
          <Text
            label={t("Caller's number")}
            value={scenario.call.from ?? ""}
            placeholder="+8613800138000"
            onChange={(typed) => onChange(withCall(scenario, "from", typed))}
          />
          <Text
            label={t("Caller's name")}
            value={scenario.setting?.caller_name ?? ""}
            placeholder={t("not known")}
            onChange={(typed) => onChange(withSetting(scenario, "caller_name", typed))}
          />
        </div>
        <div className="try-pair">
          <label className="field">
            {t("Caller's language")}
            <select
              value={scenario.call.language ?? ""}
              onChange={(event) => onChange(withCall(scenario, "language", event.target.value))}
            >
              <option value="">{t("as the flow begins")}</option>
              {document.languages.map((tag) => (
                <option key={tag}>{tag}</option>
              ))}
            </select>
          </label>
          <label className="check try-vip">
            <input
              type="checkbox"
              checked={scenario.setting?.vip ?? false}
              onChange={(event) => onChange(withSetting(scenario, "vip", event.target.checked))}
            />
            {t("VIP customer")}
          </label>
        </div>
        {values.map(({ name, description, fallback }) => (
          <Text
            key={name}
            label={name}
            hint={description}
            value={typedOf(scenario.setting?.values?.[name])}
            placeholder={typedOf(fallback) || t("nothing")}
            onChange={(typed) => onChange(withValue(scenario, name, typed))}
          />
        ))}
        <TryLookups scenario={scenario} onChange={onChange} />
        <TryTransfers scenario={scenario} onChange={onChange} />
      </div>
    </details>
  );
}

interface TextProps {
  label: string;
  value: string;
  hint?: string;
  placeholder?: string;
  onChange: (typed: string) => void;
}

function Text({ label, value, hint = "", placeholder = "", onChange }: TextProps) {
  return (
    <label className="field">
      {label}
      <input type="text" value={value} placeholder={placeholder} onChange={(event) => onChange(event.target.value)} />
      {hint && <span className="hint">{hint}</span>}
    </label>
  );
}

/** The settings that are not as usual, on one line. */
function summary(scenario: Scenario, zone: string): string {
  const { setting, call, lookups } = scenario;
  const answers = Object.keys(lookups ?? {}).length;
  return [
    setting?.at ? spokenTime(setting.at, zone, language()) || setting.at : t("now"),
    setting?.caller_name || call.from || "",
    setting?.vip ? t("VIP") : "",
    call.language ?? "",
    answers ? t("lookups answered: {count}", { count: answers }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
