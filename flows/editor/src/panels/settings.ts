/** What a call is tried with: caller, moment, values, and answers of other systems. */

import type { FlowDocument, Scenario } from "../model/types";

/** An answer of a lookup: how it went, the HTTP status if any, and the parsed JSON. */
export interface Answer {
  outcome: string;
  status?: number | null;
  body?: unknown;
}

/** An answer kept under a name: GET /studio/<name>/samples. */
export interface Sample extends Answer {
  node: string;
  name: string;
}

/** How a lookup may go, as the flow's exits call it. */
export const OUTCOMES = ["ok", "not_found", "error", "timeout"] as const;

/** How a transfer may end. */
export const TRANSFERS = ["no_answer", "answered", "busy", "failed"] as const;

/** The setting with what a rehearsal knows besides: how the transfers at a node end, one after another. */
type Setting = NonNullable<Scenario["setting"]> & { transfers?: Record<string, string[]> };

/** The scenario with one setting; an empty one is left out, so that a saved test stays readable. */
export function withSetting<K extends keyof Setting>(scenario: Scenario, key: K, value: Setting[K]): Scenario {
  const setting = cleaned({ ...scenario.setting, [key]: value });
  return rest(scenario, "setting", setting);
}

/** The scenario with another caller, number called or language; "" leaves it out. */
export function withCall(scenario: Scenario, key: "to" | "from" | "language", value: string): Scenario {
  return { ...scenario, call: cleaned({ ...scenario.call, [key]: value }) };
}

/** The scenario with a value that the flow expects from outside; "" leaves it to its default. */
export function withValue(scenario: Scenario, name: string, typed: string): Scenario {
  const values = { ...scenario.setting?.values };
  if (typed === "") delete values[name];
  else values[name] = valueTyped(typed);
  return withSetting(scenario, "values", Object.keys(values).length ? values : undefined);
}

/** The scenario with the answer of a lookup; null takes it away. */
export function withAnswer(scenario: Scenario, node: string, answer: Answer | null): Scenario {
  const lookups = { ...scenario.lookups };
  if (answer) lookups[node] = [answer];
  else delete lookups[node];
  return rest(scenario, "lookups", lookups);
}

/** How transfers at a node end; nobody answers unless it is said. */
export function transferAt(scenario: Scenario, node: string): string {
  const { transfers }: Setting = scenario.setting ?? {};
  return transfers?.[node]?.[0] ?? TRANSFERS[0];
}

/** The scenario with another end of the transfers at a node. */
export function withTransfer(scenario: Scenario, node: string, how: string): Scenario {
  const { transfers: earlier }: Setting = scenario.setting ?? {};
  const transfers = { ...earlier, [node]: [how] };
  if (how === TRANSFERS[0]) delete transfers[node];
  return withSetting(scenario, "transfers", Object.keys(transfers).length ? transfers : undefined);
}

/** Numbers, yes and no are typed as such, everything else as text; a number with leading zeros stays text. */
export function valueTyped(typed: string): unknown {
  const plain = typed.trim();
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(plain)) return Number(plain);
  if (plain === "true" || plain === "false") return plain === "true";
  return typed;
}

/** A value for an input field. */
export function typedOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A value for people: texts as they are, the rest as JSON, nothing as "". */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Values that the flow expects from outside. */
export function expectedValues(document: FlowDocument): { name: string; description: string; fallback: unknown }[] {
  const variables = document.variables;
  if (!variables || typeof variables !== "object") return [];
  return Object.entries(variables as Record<string, unknown>).map(([name, told]) => {
    const variable = (told && typeof told === "object" ? told : {}) as Record<string, unknown>;
    return { name, description: String(variable.description ?? ""), fallback: variable.default };
  });
}

/** The nodes of a type, in the document's order: "lookup" asks other systems, "transfer" puts through. */
export function nodesOf(document: FlowDocument, type: string): { name: string; label: string }[] {
  return Object.entries(document.nodes)
    .filter(([, node]) => node.type === type)
    .map(([name, node]) => ({ name, label: node.label || name }));
}

/** A body to begin with: the values that the node takes from the reply, as nested JSON. */
export function exampleBody(document: FlowDocument, node: string): unknown {
  const take = document.nodes[node]?.take;
  if (!take || typeof take !== "object") return {};
  const body: Record<string, unknown> = {};
  for (const path of Object.values(take as Record<string, unknown>)) put(body, String(path).split("."));
  return body;
}

function put(body: Record<string, unknown>, path: string[]): void {
  const [first, ...others] = path.map((part) => part.replace(/\[\d+\]$/, ""));
  if (!first) return;
  if (!others.length) {
    body[first] ??= "";
    return;
  }
  const inner = body[first];
  const next = inner && typeof inner === "object" ? (inner as Record<string, unknown>) : {};
  body[first] = next;
  put(next, others);
}

/** JSON as people type it: the value, or why it is none. An empty text is nothing. */
export function readJson(typed: string): { value: unknown; error: string } {
  if (!typed.trim()) return { value: null, error: "" };
  try {
    return { value: JSON.parse(typed), error: "" };
  } catch (error) {
    return { value: null, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The saved samples with one more; one of the same node and name is replaced. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter((s) => s.node !== sample.node || s.name !== sample.name), sample];
}

function cleaned<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== "" && v !== false)) as T;
}

function rest<K extends "setting" | "lookups">(scenario: Scenario, key: K, value: Scenario[K]): Scenario {
  const { [key]: _, ...others } = scenario;
  return (value && Object.keys(value).length ? { ...others, [key]: value } : others) as Scenario;
}
