/** What an overlay says about one node or wire: words first, colour second. */

import type { Overlay } from "../store/state";
import { figure, t } from "../words";

/** `strength` 0 to 1 colours the mark; `dim` sets what is not meant back. `url` leads to the calls behind a number. */
export interface Mark {
  readonly tone: "plain" | "good" | "bad" | "here" | "heat";
  readonly words: string;
  readonly more: string;
  readonly strength: number;
  readonly dim: boolean;
  readonly url: string;
}

const NOTHING: Mark = { tone: "plain", words: "", more: "", strength: 0, dim: false, url: "" };

/** The mark of a node, null when there is none. */
export function nodeMark(overlay: Overlay, name: string): Mark | null {
  switch (overlay.kind) {
    case "none":
      return null;
    case "coverage": {
      const times = overlay.coverage.nodes[name] ?? 0;
      return times
        ? { ...NOTHING, tone: "good", words: t("tested {count} times", { count: times }) }
        : { ...NOTHING, tone: "bad", words: t("not tested") };
    }
    case "heat":
      return heatOf(overlay, name);
    case "path": {
      if (overlay.here === name)
        return { ...NOTHING, tone: "here", words: overlay.ended ? t("The call ended here") : t("The call is here") };
      return overlay.nodes.includes(name)
        ? { ...NOTHING, tone: "good", words: t("passed") }
        : { ...NOTHING, dim: true };
    }
  }
}

function heatOf({ heat }: Extract<Overlay, { kind: "heat" }>, name: string): Mark {
  const here = heat.nodes[name];
  if (!here?.entered) return { ...NOTHING, tone: "heat", words: t("nobody came here"), dim: true };
  const share = heat.calls ? here.entered / heat.calls : 0;
  const counts: [string, number][] = [
    [t("hung up"), here.hung_up],
    [t("failed"), here.failed],
    [t("person"), here.person],
    [t("not understood"), here.no_match],
    [t("no answer"), here.no_input],
  ];
  return {
    ...NOTHING,
    tone: "heat",
    words: t("{count} callers ({percent}%)", { count: figure(here.entered), percent: Math.round(share * 100) }),
    more: counts.flatMap(([word, count]) => (count ? [`${word} ${figure(count)}`] : [])).join(" · "),
    strength: Math.min(1, share),
    url: heat.calls_url.replace("{node}", encodeURIComponent(name)),
  };
}

/** The mark of an exit's wire, null when there is none. */
export function exitMark(overlay: Overlay, node: string, exit: string): Mark | null {
  switch (overlay.kind) {
    case "none":
      return null;
    case "coverage":
      return overlay.coverage.exits[`${node} ${exit}`]
        ? { ...NOTHING, tone: "good" }
        : { ...NOTHING, tone: "bad", words: t("not tested") };
    case "heat": {
      const left = overlay.heat.exits[node]?.[exit] ?? 0;
      const strength = overlay.heat.calls ? Math.min(1, left / overlay.heat.calls) : 0;
      return { ...NOTHING, tone: "heat", words: left ? figure(left) : "", strength, dim: !left };
    }
    case "path":
      return overlay.exits.some(([from, by]) => from === node && by === exit)
        ? { ...NOTHING, tone: "good" }
        : { ...NOTHING, dim: true };
  }
}

/** What the overlay as a whole says, "" for none. */
export function legend(overlay: Overlay): string {
  if (overlay.kind === "coverage") {
    const { ratio, uncovered_nodes: nodes, uncovered_exits: exits } = overlay.coverage;
    return t("Tests reach {percent}% of the exits; {nodes} nodes and {exits} exits are not tested.", {
      percent: Math.floor(ratio * 100),
      nodes: nodes.length,
      exits: exits.length,
    });
  }
  if (overlay.kind === "heat") {
    const { calls, version, from, to } = overlay.heat;
    const values = { calls: figure(calls), version, from: from.slice(0, 10), to: to.slice(0, 10) };
    return t("{calls} calls on version {version}, {from} to {to}. Darker is busier.", values);
  }
  if (overlay.kind === "path") {
    const count = overlay.nodes.length;
    return count === 1
      ? t("The call is at its first node.")
      : t("The way of this call through {count} nodes.", { count });
  }
  return "";
}
