/** A node on the canvas: what it is, what it is called, what it says, and where it leads. */

import { Handle, type NodeProps, Position, type ReactFlowState, useStore } from "@xyflow/react";
import { memo } from "react";
import type { Port } from "../model/geometry";
import { wordsOf } from "../model/search";
import type { Problem } from "../model/types";
import { useEditor } from "../store";
import { cardFor, exitsIn, kindOf } from "../store/sizes";
import { inLanguage, t } from "../words";
import type { CardNode } from "./flow_parts";
import { Icon } from "./Icon";
import { exitMark, nodeMark } from "./overlays";

/** Below this zoom nothing on a card can be read or grasped: it is drawn as a mere shape, so that hundreds stay quick. */
const LEGIBLE_ZOOM = 0.4;
const isFar = (state: ReactFlowState) => state.transform[2] < LEGIBLE_ZOOM;

const NO_PROBLEMS: readonly Problem[] = [];

export const NodeCard = memo(function NodeCard({ id }: NodeProps<CardNode>) {
  return useStore(isFar) ? <FarCard id={id} /> : <NearCard id={id} />;
});

/** React Flow measures where wires begin and end at elements with these classes; anchors have nothing else of a handle. */
function FarCard({ id }: { id: string }) {
  const node = useEditor((s) => s.document.nodes[id]);
  const types = useEditor((s) => s.types);
  const exits = useEditor((s) => {
    const data = s.document.nodes[id];
    return data ? exitsIn(id, data, s.check, s.types) : null;
  });
  const worst = useEditor((s) => s.problemsOf[id]?.some((problem) => problem.level === "error"));
  const overlay = useEditor((s) => s.overlay);
  if (!node || !exits) return null;
  const { width, height, ports } = cardFor(exits);
  const mark = nodeMark(overlay, id);
  const look = `group-${kindOf(types, node.type)?.group ?? "other"}${worst ? " error" : ""}${mark ? ` mark-${mark.tone}${mark.dim ? " dim" : ""}` : ""}`;
  return (
    <div className={`fe-card far ${look}`} style={{ width, height, ["--strength" as string]: mark?.strength ?? 0 }}>
      {node.label || id}
      <i className="fe-anchor target" data-handlepos="top" style={{ left: width / 2 - 14, width: 28 }} />
      {ports.map(({ exit, x, width: wide }) => (
        <i
          key={exit.name}
          className="fe-anchor source"
          data-handleid={exit.name}
          data-handlepos="bottom"
          style={{ left: x, width: wide }}
        />
      ))}
    </div>
  );
}

function NearCard({ id }: { id: string }) {
  const node = useEditor((s) => s.document.nodes[id]);
  const types = useEditor((s) => s.types);
  const said = useEditor((s) => s.check?.first_words[id]);
  const exits = useEditor((s) => {
    const data = s.document.nodes[id];
    return data ? exitsIn(id, data, s.check, s.types) : null;
  });
  const problems = useEditor((s) => s.problemsOf[id] ?? NO_PROBLEMS);
  const isStart = useEditor((s) => s.document.start === id);
  const language = useEditor((s) => s.promptLanguage);
  const overlay = useEditor((s) => s.overlay);
  if (!node || !exits) return null;
  const kind = kindOf(types, node.type);
  const title = inLanguage(kind?.title) || node.type;
  const card = cardFor(exits);
  const mark = nodeMark(overlay, id);
  const words = wordsOf(node, said, language);
  return (
    <div
      className={`fe-card group-${kind?.group ?? "other"}${mark ? ` mark-${mark.tone}${mark.dim ? " dim" : ""}` : ""}`}
      style={{ width: card.width, height: card.height, ["--strength" as string]: mark?.strength ?? 0 }}
    >
      {mark?.words ? <MarkStrip words={mark.words} more={mark.more} url={mark.url} tone={mark.tone} /> : null}
      {isStart ? <span className="fe-start">{t("Start")}</span> : null}
      <Handle type="target" position={Position.Top} className="fe-target" isConnectableStart={false} />
      <div className="fe-head">
        <span className="fe-kind">
          <Icon paths={kind?.icon} />
        </span>
        <span className="fe-names">
          <strong>{node.label || id}</strong>
          <span>{node.label ? `${title} · ${id}` : title}</span>
        </span>
        <Badges problems={problems} />
      </div>
      <p className={words ? "fe-words" : "fe-words none"}>{words || inLanguage(kind?.summary)}</p>
      {card.ports.map((port) => (
        <ExitPort
          key={port.exit.name}
          port={port}
          wired={Boolean(node.exits?.[port.exit.name])}
          untested={overlay.kind === "coverage" && exitMark(overlay, id, port.exit.name)?.tone === "bad"}
        />
      ))}
    </div>
  );
}

function MarkStrip({ words, more, url, tone }: { words: string; more: string; url: string; tone: string }) {
  return (
    <div className={`fe-mark ${tone}`}>
      {url ? (
        <a className="nodrag" href={url} target="_blank" rel="noreferrer">
          {words}
        </a>
      ) : (
        <strong>{words}</strong>
      )}
      {more ? <span>{more}</span> : null}
    </div>
  );
}

function Badges({ problems }: { problems: readonly Problem[] }) {
  if (!problems.length) return null;
  const errors = problems.filter((problem) => problem.level === "error").length;
  const warnings = problems.length - errors;
  const told = problems.map((problem) => problem.message).join("\n");
  return (
    <span className="fe-badges" title={told}>
      {errors ? <b className="error">{errors === 1 ? t("1 error") : t("{count} errors", { count: errors })}</b> : null}
      {warnings && !errors ? (
        <b className="warning">{warnings === 1 ? t("1 warning") : t("{count} warnings", { count: warnings })}</b>
      ) : null}
    </span>
  );
}

function ExitPort({ port, wired, untested }: { port: Port; wired: boolean; untested: boolean }) {
  const missing = port.exit.required && !wired;
  const state = missing ? "missing" : wired ? "wired" : "free";
  const told = missing
    ? t("{exit}: leads nowhere yet. Drag to a node.", { exit: port.exit.word })
    : t("{exit}: drag to a node", { exit: port.exit.word });
  return (
    <Handle
      type="source"
      position={Position.Bottom}
      id={port.exit.name}
      className={`fe-port ${state}${untested ? " untested" : ""}`}
      isConnectableEnd={false}
      style={{ left: port.x, width: port.width }}
      title={told}
    >
      <span>{port.text}</span>
      {missing ? <em>{t("unwired")}</em> : null}
    </Handle>
  );
}
