/** Problems by node, for a list that is read from top to bottom. */

import type { Problem } from "../model/types";

export interface ProblemGroup {
  /** "" for the flow as a whole. */
  node: string;
  problems: Problem[];
}

/** Groups with an error first, then in the order of the nodes, the flow as a whole before them; errors first within. */
export function groupProblems(problems: readonly Problem[], nodes: readonly string[]): ProblemGroup[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) groups.set(problem.node, [...(groups.get(problem.node) ?? []), problem]);
  const place = new Map(nodes.map((name, index) => [name, index]));
  const rank = ({ node, problems: own }: ProblemGroup) =>
    (own.some(({ level }) => level === "error") ? 0 : 1e6) + (node === "" ? -1 : (place.get(node) ?? 1e5));
  return [...groups]
    .map(([node, own]) => ({ node, problems: own.toSorted((a, b) => weight(a) - weight(b)) }))
    .toSorted((a, b) => rank(a) - rank(b));
}

function weight({ level }: Problem): number {
  return level === "error" ? 0 : 1;
}
