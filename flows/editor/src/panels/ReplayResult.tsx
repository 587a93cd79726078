import type { Replay } from "../model/types";
import { useEditor } from "../store";
import { figure, t } from "../words";
import { nodeTitle } from "./names";
import { ReplayCall } from "./ReplayCall";
import { groupsOf, partsOf, untold } from "./replay_summary";

/** A replay in figures, as a picture, and call by call. */
export function ReplayResult({ replay }: { replay: Replay }) {
  const document = useEditor((state) => state.document);
  const { same, different, skipped } = partsOf(replay);
  const title = (node: string) => (node ? nodeTitle(document, node) : t("nowhere"));
  return (
    <div className="stack tight">
      <p role="status" className="replay-sentence">
        {sentence(replay.calls, same, different)}
      </p>
      {replay.calls > 0 && <Bar same={same} different={different} skipped={skipped} />}
      {replay.skipped.length > 0 && (
        <details>
          <summary>
            {t("Not replayed")} <span className="count">{figure(skipped)}</span>
          </summary>
          <ul className="coverage-list">
            {replay.skipped.map(({ reason, count }) => (
              <li key={reason}>
                <span>{reason}</span> <span className="count">{figure(count)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {groupsOf(replay).map(({ from, to, calls }) => (
        <section key={`${from} ${to}`} className="replay-group">
          <h3>
            {from === to
              ? t("Another way to “{to}”", { to: title(to) })
              : t("“{from}” becomes “{to}”", { from: title(from), to: title(to) })}{" "}
            <span className="count">{figure(calls.length)}</span>
          </h3>
          <ul className="replay-calls">
            {calls.map((call) => (
              <ReplayCall key={call.id} call={call} />
            ))}
          </ul>
        </section>
      ))}
      {untold(replay) > 0 && (
        <p className="muted">{t("{count} more differ; they are not listed.", { count: figure(untold(replay)) })}</p>
      )}
    </div>
  );
}

function sentence(calls: number, same: number, different: number): string {
  if (calls === 0) return t("There were no such calls in this time.");
  const values = { calls: figure(calls), same: figure(same), different: figure(different) };
  if (different === 0) return t("{calls} calls, all {same} replayed end the same.", values);
  return t("{calls} calls, {same} end the same, {different} differ.", values);
}

/** One bar of three parts; the words stand below, so that colour is not all there is. */
function Bar({ same, different, skipped }: { same: number; different: number; skipped: number }) {
  const parts = [
    { key: "same", count: same, word: t("the same") },
    { key: "different", count: different, word: t("different") },
    { key: "skipped", count: skipped, word: t("not replayed") },
  ].filter(({ count }) => count > 0);
  return (
    <figure className="replay-picture">
      <div className="stacked" aria-hidden="true">
        {parts.map(({ key, count }) => (
          <i key={key} className={key} style={{ flexGrow: count }} />
        ))}
      </div>
      <figcaption className="legend">
        {parts.map(({ key, count, word }) => (
          <span key={key}>
            <i className={key} />
            {word} {figure(count)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
