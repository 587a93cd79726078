import { useState } from "react";
import { t } from "../words";
import { useTests } from "./tests";
import { TestFields } from "./TestFields";

interface Props {
  /** The saved test, null for a new one. */
  id: number | null;
  name: string;
  yaml: string;
  onDone: () => void;
}

/** A test as text: its name, and the scenario as YAML. */
export function TestEditor({ id, name, yaml, onDone }: Props) {
  const save = useTests((state) => state.save);
  const [draft, setDraft] = useState({ name, yaml });
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const keep = async () => {
    setBusy(true);
    const wanted = { name: draft.name.trim(), yaml: draft.yaml, ...(id === null ? { origin: "written" } : {}) };
    const saved = await save(id, wanted);
    setBusy(false);
    if (saved) return onDone();
    setError(useTests.getState().error);
    useTests.setState({ error: "" });
  };
  return (
    <div className="test-editor">
      <TestFields draft={draft} label={t("Scenario (YAML)")} error={error} onChange={setDraft} />
      <div className="row">
        <button type="button" className="primary" disabled={busy || !draft.name.trim()} onClick={() => void keep()}>
          {t("Save the test")}
        </button>
        <button type="button" className="quiet" onClick={onDone}>
          {t("Cancel")}
        </button>
      </div>
    </div>
  );
}
