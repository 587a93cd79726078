/** Two checks one after the other: what did not change stays the same object. */

import type { Check, Problem } from "./types";

/** The fresh check, with the parts of the old one that are equal. */
export function shared(old: Check | null, fresh: Check): Check {
  if (!old) return fresh;
  return {
    ...fresh,
    exits: kept(old.exits, fresh.exits),
    first_words: kept(old.first_words, fresh.first_words),
  };
}

/** Problems by node, those about the whole document under ""; lists that did not change stay the same. */
export function byNode(
  problems: readonly Problem[],
  old: Readonly<Record<string, readonly Problem[]>>,
): Readonly<Record<string, readonly Problem[]>> {
  const lists: Record<string, Problem[]> = {};
  for (const problem of problems) {
    if (Object.hasOwn(lists, problem.node)) lists[problem.node]?.push(problem);
    else lists[problem.node] = [problem];
  }
  return kept(old, lists);
}

function kept<T>(old: Readonly<Record<string, T>>, fresh: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fresh).map(([key, value]) => {
      const before = old[key];
      return [key, before !== undefined && JSON.stringify(before) === JSON.stringify(value) ? before : value];
    }),
  );
}
