import type { Scenario } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { transferWord } from "./outcome_words";
import { nodesOf, TRANSFERS, transferAt, withTransfer } from "./settings";

interface Props {
  scenario: Scenario;
  onChange: (scenario: Scenario) => void;
}

/** How transfers end while the flow is tried: nobody is rung. */
export function TryTransfers({ scenario, onChange }: Props) {
  const document = useEditor((state) => state.document);
  const nodes = nodesOf(document, "transfer");
  if (!nodes.length) return null;
  return (
    <fieldset className="try-lookups">
      <legend>{t("What transfers come to")}</legend>
      {nodes.map(({ name, label }) => (
        <label key={name} className="field">
          {label}
          <select
            value={transferAt(scenario, name)}
            onChange={(event) => onChange(withTransfer(scenario, name, event.target.value))}
          >
            {TRANSFERS.map((how) => (
              <option key={how} value={how}>
                {transferWord(how)}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}
