/** Completion of expressions and of the holes of templates: where the caret is, what fits there, what it becomes. */

import type { Types } from "../model/types";

export type Place = "value" | "operator" | "filter";

/** The word under the caret, from `from` to `to`, and what may stand there. */
export interface Spot {
  place: Place;
  from: number;
  to: number;
  word: string;
}

export interface Suggestion {
  kind: "value" | "function" | "operator" | "filter";
  insert: string;
  label: string;
  detail: string;
  /** Where the caret goes, counted back from the end of what is inserted. */
  back: number;
}

/** What can be completed. `help` is in the reader's language. */
export interface Sources {
  values: { name: string; detail: string }[];
  functions: { name: string; signature: string; help: string }[];
  filters: { name: string; signature: string; help: string }[];
}

export const OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "and", "or", "in", "not in", "+", "-", "*", "/"] as const;

/** The sources from what the desk knows at the node. */
export function sourcesOf(
  known: readonly { name: string; set_by: string; description: string }[],
  types: Pick<Types, "functions" | "filters">,
  language: string,
): Sources {
  const read = (entry: { name: string; signature: string; help: Record<string, string> }) => ({
    name: entry.name,
    signature: entry.signature,
    help: entry.help[language] ?? entry.help.en ?? "",
  });
  return {
    values: known.map(({ name, set_by, description }) => ({ name, detail: description || set_by })),
    functions: types.functions.map(read),
    filters: types.filters.map(read),
  };
}

/** Where the caret is in an expression; null inside quotes. */
export function spotInExpression(text: string, caret: number, start = 0): Spot | null {
  const before = text.slice(start, caret);
  if (insideQuotes(before)) return null;
  const word = /[A-Za-z_][\w.]*$/.exec(before)?.[0] ?? "";
  const lead = before.slice(0, before.length - word.length);
  const tail = /^[\w]*/.exec(text.slice(caret))?.[0] ?? "";
  // A digit before the caret is a number being written, not a word.
  if (word === "" && /[\d"']$/.test(before)) return null;
  return { place: placeAfter(lead), from: caret - word.length, to: caret + tail.length, word };
}

/** Where the caret is in a template: only inside `{{ … }}` is anything completed. */
export function spotInTemplate(text: string, caret: number): Spot | null {
  const opening = text.lastIndexOf("{{", caret - 1);
  if (opening < 0 || opening + 2 > caret || text.slice(opening + 2, caret).includes("}}")) return null;
  const inside = text.slice(opening + 2, caret);
  const bar = lastBar(inside);
  if (bar < 0) return spotInExpression(text, caret, opening + 2);
  const after = inside.slice(bar + 1);
  const word = /^\s*([a-z_]*)$/.exec(after)?.[1];
  if (word === undefined) return null;
  const tail = /^[a-z_]*/.exec(text.slice(caret))?.[0] ?? "";
  return { place: "filter", from: caret - word.length, to: caret + tail.length, word };
}

/** What fits at the spot, nearest first: beginnings before what only contains the word. At most 12. */
export function suggest(spot: Spot, sources: Sources): Suggestion[] {
  const word = spot.word.toLowerCase();
  const all = candidates(spot.place, sources);
  const begins = all.filter(({ label }) => label.toLowerCase().startsWith(word));
  const contains = all.filter(
    ({ label }) => !begins.some((b) => b.label === label) && label.toLowerCase().includes(word),
  );
  const found = [...begins, ...(word ? contains : [])];
  return found.length === 1 && found[0]?.insert.trim() === spot.word ? [] : found.slice(0, 12);
}

function candidates(place: Place, sources: Sources): Suggestion[] {
  if (place === "filter") return sources.filters.map((filter) => called("filter", filter));
  if (place === "operator") {
    return OPERATORS.map((sign) => ({ kind: "operator", insert: `${sign} `, label: sign, detail: "", back: 0 }));
  }
  return [
    ...sources.values.map(({ name, detail }): Suggestion => ({
      kind: "value",
      insert: name,
      label: name,
      detail,
      back: 0,
    })),
    ...sources.functions.map((entry) => called("function", entry)),
  ];
}

function called(
  kind: "function" | "filter",
  { name, signature, help }: { name: string; signature: string; help: string },
): Suggestion {
  const takes = signature.includes("(") && !signature.includes("()");
  return { kind, insert: takes ? `${name}()` : name, label: name, detail: help || signature, back: takes ? 1 : 0 };
}

/** The text with the suggestion in it, and where the caret is then. A hole that is open is closed. */
export function accept(
  text: string,
  spot: Spot,
  suggestion: Suggestion,
  template: boolean,
): { text: string; caret: number } {
  const before = text.slice(0, spot.from);
  const pad = /[{|]$/.test(before) && template ? " " : "";
  const rest = text.slice(spot.to);
  const close = template && !closesFirst(rest) ? " }}" : "";
  const start = before + pad + suggestion.insert;
  return { text: start + close + rest, caret: start.length - suggestion.back };
}

function closesFirst(rest: string): boolean {
  const end = rest.indexOf("}}");
  const next = rest.indexOf("{{");
  return end >= 0 && (next < 0 || end < next);
}

function insideQuotes(before: string): boolean {
  let quote = "";
  for (const character of before) {
    if (quote) quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
  }
  return quote !== "";
}

function lastBar(inside: string): number {
  let quote = "";
  let bar = -1;
  [...inside].forEach((character, index) => {
    if (quote) quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === "|") bar = index;
  });
  return bar;
}

function placeAfter(lead: string): Place {
  const trimmed = lead.trimEnd();
  if (trimmed === lead || trimmed === "") return "value";
  if (/\b(and|or|not|in|if|else)$/.test(trimmed)) return "value";
  return /[\w"')\]]$/.test(trimmed) ? "operator" : "value";
}
