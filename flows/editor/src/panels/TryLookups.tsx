import { useEffect } from "react";
import type { Scenario } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { LookupAnswer } from "./LookupAnswer";
import { Refusal } from "./Refusal";
import { useSamples } from "./samples";
import { nodesOf, withAnswer } from "./settings";

interface Props {
  scenario: Scenario;
  onChange: (scenario: Scenario) => void;
}

/** What other systems answer while the flow is tried: nobody is asked. */
export function TryLookups({ scenario, onChange }: Props) {
  const document = useEditor((state) => state.document);
  const { samples, error, load } = useSamples();
  const nodes = nodesOf(document, "lookup");
  const some = nodes.length > 0;
  useEffect(() => {
    if (some) void load();
  }, [some, load]);
  if (!some) return null;
  return (
    <fieldset className="try-lookups">
      <legend>{t("What other systems answer")}</legend>
      <Refusal sentence={error} />
      {nodes.map(({ name, label }) => (
        <LookupAnswer
          key={name}
          node={name}
          label={label}
          answer={scenario.lookups?.[name]?.[0] ?? null}
          samples={samples.filter((sample) => sample.node === name)}
          onChange={(answer) => onChange(withAnswer(scenario, name, answer))}
        />
      ))}
    </fieldset>
  );
}
