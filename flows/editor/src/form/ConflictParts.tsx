import { useEditor } from "../store";
import { t } from "../words";
import type { Change, Clash, Side } from "./three_way";
import { useFieldWords } from "./useFieldWords";
import { shown } from "./values_shown";
import { WordParts } from "./Words";
import { wordDiff } from "./word_diff";

/** What differs, texts word by word. */
export function Differing({ before, after }: { before: unknown; after: unknown }) {
  if (typeof before === "string" && typeof after === "string") return <WordParts parts={wordDiff(before, after)} />;
  if (before === undefined) return <ins>{shown(after)}</ins>;
  if (after === undefined) return <del>{shown(before)}</del>;
  return (
    <>
      <del>{shown(before)}</del> <ins>{shown(after)}</ins>
    </>
  );
}

/** Where a change is, in words: node and field. */
function PlaceName({ change }: { change: Change }) {
  const words = useFieldWords();
  const node = useEditor((state) => state.document.nodes[change.node]?.label || change.node);
  const whole = change.node === "" ? t("The flow as a whole") : node;
  return <>{change.field === "" ? whole : `${whole} · ${words(change.node, change.field)}`}</>;
}

interface ClashProps {
  clashes: readonly Clash[];
  choices: Readonly<Record<string, Side>>;
  choose: (id: string, side: Side) => void;
  all: (side: Side) => void;
}

/** The places that both changed, each with a choice. */
export function ClashList({ clashes, choices, choose, all }: ClashProps) {
  return (
    <section>
      <div className="form-head-line">
        <h3>{t("Changed by both")}</h3>
        {clashes.length > 1 && (
          <span className="row">
            <button type="button" className="quiet small" onClick={() => all("mine")}>
              {t("All mine")}
            </button>
            <button type="button" className="quiet small" onClick={() => all("theirs")}>
              {t("All theirs")}
            </button>
          </span>
        )}
      </div>
      {clashes.map((clash) => (
        <fieldset key={clash.id} className="form-clash">
          <legend>
            {clash.renaming ? (
              t("The node's name, {name} before", { name: shown(clash.before) })
            ) : (
              <PlaceName change={clash} />
            )}
          </legend>
          {(["mine", "theirs"] as const).map((side) => (
            <label key={side} className="form-side">
              <input
                type="radio"
                name={clash.id}
                checked={choices[clash.id] === side}
                onChange={() => choose(clash.id, side)}
              />
              <span>
                <strong>{side === "mine" ? t("Mine") : t("Theirs")}</strong>
                <span className="form-side-value">
                  {clash[side] === undefined ? (
                    <em>{t("deleted")}</em>
                  ) : (
                    <Differing before={clash.before} after={clash[side]} />
                  )}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </section>
  );
}

interface ListProps {
  title: string;
  changes: readonly Change[];
  side: Side;
}

/** What one side alone changed; it is taken over. */
export function ChangeList({ title, changes, side }: ListProps) {
  if (changes.length === 0) return null;
  return (
    <details className="form-more" open={changes.length <= 6}>
      <summary>
        {title} <span className="count">{changes.length}</span>
      </summary>
      <dl className="form-changes">
        {changes.map((change) => (
          <div key={`${change.node} ${change.field}`}>
            <dt>
              <PlaceName change={change} />
            </dt>
            <dd>
              <Differing before={change.before} after={change[side]} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
