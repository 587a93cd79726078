/** The name of a test and its scenario, wherever one is written or looked over before it is kept. */

import { t } from "../words";
import { YamlField } from "./YamlField";

export interface TestDraft {
  name: string;
  yaml: string;
}

interface Props {
  draft: TestDraft;
  /** What the scenario is called here. */
  label: string;
  error: string;
  onChange(draft: TestDraft): void;
}

export function TestFields({ draft, label, error, onChange }: Props) {
  return (
    <>
      <label className="field">
        {t("Name of the test")}
        <input
          type="text"
          value={draft.name}
          maxLength={120}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </label>
      <YamlField label={label} value={draft.yaml} error={error} onChange={(yaml) => onChange({ ...draft, yaml })} />
    </>
  );
}
