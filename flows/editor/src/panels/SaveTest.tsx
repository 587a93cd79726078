import { useState } from "react";
import { call } from "../api";
import type { Scenario } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { Refusal } from "./Refusal";
import { sentenceOf } from "./refusal";
import { actionsOnly } from "./steps";
import { freeName } from "./test_summary";
import { useTests } from "./tests";
import { useTryout } from "./tryout";
import { TestFields } from "./TestFields";

/** Makes a test of the conversation: what happened now is what must happen later. */
export function SaveTest() {
  const opening = useEditor((state) => state.opening);
  const { scenario, test, busy } = useTryout();
  const [draft, setDraft] = useState<{ yaml: string; name: string; made: Scenario } | null>(null);
  const [error, setError] = useState("");
  if (!opening.may_edit) return null;
  const record = async () => {
    try {
      const body = { document: useEditor.getState().document, scenario: actionsOnly(scenario) };
      const { yaml } = await call<{ scenario: Scenario; yaml: string }>("POST", `/${opening.name}/tests/record`, body);
      await useTests.getState().load();
      const name = test?.name ?? freeName(t("A conversation"), useTests.getState().tests);
      setDraft({ yaml, name, made: scenario });
      setError("");
    } catch (cause) {
      setError(sentenceOf(cause));
    }
  };
  const save = async (id: number | null) => {
    if (!draft) return;
    const saved = await useTests.getState().save(id, { name: draft.name.trim(), yaml: draft.yaml, origin: "recorded" });
    if (!saved) return setError(useTests.getState().error);
    useTryout.getState().saved({ id: saved.id, name: saved.name });
    setDraft(null);
    setError("");
    useEditor.getState().setPanel("tests");
    void useTests.getState().runTests([saved.id]);
  };
  if (!draft || draft.made !== scenario) {
    return (
      <>
        <Refusal sentence={error} />
        <button type="button" className="primary" disabled={busy} onClick={() => void record()}>
          {t("Save as test")}
        </button>
      </>
    );
  }
  return (
    <div className="try-save card">
      <TestFields
        draft={draft}
        label={t("What must happen again")}
        error={error}
        onChange={(changed) => setDraft({ ...draft, ...changed })}
      />
      <div className="row">
        <button type="button" className="primary" disabled={!draft.name.trim()} onClick={() => void save(null)}>
          {test ? t("Save as a new test") : t("Save the test")}
        </button>
        {test && (
          <button type="button" onClick={() => void save(test.id)}>
            {t("Save over “{name}”", { name: test.name })}
          </button>
        )}
        <button type="button" className="quiet" onClick={() => setDraft(null)}>
          {t("Not now")}
        </button>
      </div>
    </div>
  );
}
