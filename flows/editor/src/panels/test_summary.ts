/** Saved tests and what they reach, as figures and lists for the panel. */

import type { Coverage, FlowDocument, SavedTest, TestResult, TestRun } from "../model/types";

/** How a saved test went when it was last run here; "unknown" before it was run. */
export type Standing = "passed" | "failed" | "unknown";

/** The result of a test, if it was run. */
export function resultOf(run: TestRun | null, id: number): TestResult | null {
  return run?.results.find((result) => result.id === id) ?? null;
}

/** How a test stands. */
export function standing(run: TestRun | null, id: number): Standing {
  const result = resultOf(run, id);
  return result ? (result.passed ? "passed" : "failed") : "unknown";
}

/** A run of some tests put over an earlier run of all: coverage is that of the latest run of all. */
export function merged(earlier: TestRun | null, latest: TestRun, all: boolean): TestRun {
  if (all || !earlier) return latest;
  const ids = new Set(latest.results.map((result) => result.id));
  const kept = earlier.results.filter((result) => !ids.has(result.id));
  return { ...earlier, results: [...kept, ...latest.results], ms: latest.ms };
}

/** Failed tests first, then as they were listed. */
export function ordered(tests: readonly SavedTest[], run: TestRun | null): SavedTest[] {
  const rank = (test: SavedTest) => (standing(run, test.id) === "failed" ? 0 : 1);
  return [...tests].sort((a, b) => rank(a) - rank(b));
}

/** How many tests passed and failed, of those that are still there. */
export function tally(tests: readonly SavedTest[], run: TestRun | null): { passed: number; failed: number } {
  const stands = tests.map((test) => standing(run, test.id));
  return {
    passed: stands.filter((s) => s === "passed").length,
    failed: stands.filter((s) => s === "failed").length,
  };
}

/** Exits tried, and all of them. */
export function exitsTried(coverage: Coverage): { tried: number; all: number } {
  const tried = Object.values(coverage.exits).filter((count) => count > 0).length;
  return { tried, all: tried + coverage.uncovered_exits.length };
}

/** Exits that no test leaves by, by node, in the document's order; nodes that are gone are left out. */
export function untriedByNode(coverage: Coverage, document: FlowDocument): { node: string; exits: string[] }[] {
  const exits = new Map<string, string[]>();
  for (const [node, exit] of coverage.uncovered_exits) exits.set(node, [...(exits.get(node) ?? []), exit]);
  return Object.keys(document.nodes)
    .filter((node) => exits.has(node))
    .map((node) => ({ node, exits: exits.get(node) ?? [] }));
}

/** A name that no saved test has yet: "Complaint", "Complaint 2", … */
export function freeName(wanted: string, tests: readonly { name: string }[]): string {
  const taken = new Set(tests.map((test) => test.name));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted} ${number}`)) number += 1;
  return `${wanted} ${number}`;
}
