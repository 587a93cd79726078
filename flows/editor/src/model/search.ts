/** Finding nodes by what people remember of them. */

import { fromDotted, getIn } from "./paths";
import type { FlowDocument, NodeData } from "./types";

export interface Found {
  readonly node: string;
  /** Where the words stand, as a dotted path within the node; "" for its name, label or type. */
  readonly field: string;
  /** The text around the words. */
  readonly excerpt: string;
  readonly rank: number;
}

const AROUND = 34;

/** Nodes that have all the words of the query, the best first: name, then label, then type, then anything they say.
 *
 * @param typeTitle what people call a node type.
 */
export function find(document: FlowDocument, query: string, typeTitle: (type: string) => string): readonly Found[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const found = Object.entries(document.nodes).flatMap(([name, node]) => {
    const hit = match(name, node, words, typeTitle(node.type));
    return hit ? [hit] : [];
  });
  return found.sort((a, b) => a.rank - b.rank);
}

function match(name: string, node: NodeData, words: readonly string[], title: string): Found | null {
  const label = String(node.label ?? "");
  const short = [name, label, `${title} ${node.type}`];
  const rank = short.findIndex((text) => hasAll(text, words));
  if (rank >= 0) return { node: name, field: "", excerpt: "", rank };
  const texts = [...textsOf(node)];
  const place = texts.find(([, text]) => hasAll(text, words));
  if (place) return { node: name, field: place[0], excerpt: shown(place, words[0] ?? ""), rank: 3 };
  const whole = [...short, ...texts.map(([, text]) => text)].join(" ");
  return hasAll(whole, words) ? { node: name, field: "", excerpt: "", rank: 4 } : null;
}

function hasAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLocaleLowerCase();
  return words.every((word) => lower.includes(word));
}

/** Where an exit leads is told as such. */
function shown([path, text]: readonly [string, string], word: string): string {
  return path.startsWith("exits.") ? `→ ${text}` : around(text, word);
}

function around(text: string, word: string): string {
  const at = Math.max(0, text.toLocaleLowerCase().indexOf(word));
  const from = Math.max(0, at - AROUND);
  const to = Math.min(text.length, at + word.length + AROUND);
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
}

/** Every text within a node but its type, with its dotted path. */
function* textsOf(data: unknown, path = ""): Generator<[string, string]> {
  if (typeof data === "string") {
    if (path !== "type" && path !== "label") yield [path, data];
  } else if (data && typeof data === "object") {
    for (const [key, value] of Object.entries(data)) yield* textsOf(value, path ? `${path}.${key}` : key);
  }
}

/** The first words a node says in a language: what the desk found, else its prompt, else "". */
export function wordsOf(node: NodeData, said: Readonly<Record<string, string>> | undefined, language: string): string {
  if (said) return said[language] ?? Object.values(said)[0] ?? "";
  const prompt = getIn(node, fromDotted("prompt"));
  if (typeof prompt !== "object" || prompt === null) return typeof prompt === "string" ? prompt : "";
  const spoken = getIn(prompt, [language]) ?? Object.values(prompt)[0];
  const text = typeof spoken === "string" ? spoken : getIn(spoken, ["text"]);
  return typeof text === "string" ? text : "";
}
