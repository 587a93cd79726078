import { useEditor } from "../store";
import { inLanguage, t } from "../words";
import { type Marks, useScope } from "./scope";

/** Another flow of the desk, with how it ends and what it expects. */
export function FlowPicker({ marks, value, set }: { marks: Marks; value: string; set: (value: string) => void }) {
  const { readOnly } = useScope();
  const flows = useEditor((state) => state.opening.flows);
  const own = useEditor((state) => state.document.name);
  const others = flows.filter(({ name }) => name !== own);
  const chosen = others.find(({ name }) => name === value);
  const expected = Object.keys(chosen?.variables ?? {});
  return (
    <span className="form-beside">
      <select {...marks} disabled={readOnly} value={value} onChange={(event) => set(event.target.value)}>
        <option value="">{t("— choose —")}</option>
        {value !== "" && !chosen && <option value={value}>{t("{name} (not published)", { name: value })}</option>}
        {others.map((flow) => (
          <option key={flow.name} value={flow.name}>
            {inLanguage(flow.title) || flow.name}
          </option>
        ))}
      </select>
      {chosen && chosen.ends.length > 0 && (
        <span className="small muted">{t("It ends by: {names}", { names: chosen.ends.join(", ") })}</span>
      )}
      {expected.length > 0 && (
        <span className="small muted">{t("It expects: {names}", { names: expected.join(", ") })}</span>
      )}
    </span>
  );
}
