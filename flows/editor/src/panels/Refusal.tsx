import { useEditor } from "../store";
import { t } from "../words";

/** A sentence about what went wrong; with the way to the problems when the draft has some. */
export function Refusal({ sentence }: { sentence: string }) {
  const errors = useEditor((state) => state.check?.errors ?? 0);
  const setPanel = useEditor((state) => state.setPanel);
  if (!sentence) return null;
  return (
    <div className="notice error panel-refusal" role="alert">
      <span>{sentence}</span>
      {errors > 0 && (
        <button type="button" className="small" onClick={() => setPanel("problems")}>
          {t("Show the problems")}
        </button>
      )}
    </div>
  );
}
