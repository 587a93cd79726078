/** Two texts laid side by side, word by word; in Chinese and Japanese character by character. */

import type { WordPart } from "../model/types";

const WORD = /[\u3040-\u30ff\u3400-\u9fff]|[\p{L}\p{N}_]+|\s+|./gu;

/** Words compared at most; beyond that a text counts as replaced whole. */
const MOST = 1_200;

/** What is the same, what was taken out and what was put in, in reading order. */
export function wordDiff(before: string, after: string): WordPart[] {
  const old = splitWords(before);
  const now = splitWords(after);
  if (old.length > MOST || now.length > MOST) return join([part("out", before), part("in", after)]);
  const common = lengths(old, now);
  const parts: WordPart[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      parts.push(part("same", old[i] ?? ""));
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      parts.push(part("out", old[i] ?? ""));
      i += 1;
    } else {
      parts.push(part("in", now[j] ?? ""));
      j += 1;
    }
  }
  return join(parts);
}

function splitWords(text: string): string[] {
  // Hiragana and the like are letters too: the first alternative takes them one by one.
  return (text.match(WORD) ?? []).flatMap((word) => (/[\u3040-\u30ff\u3400-\u9fff]/.test(word) ? [...word] : [word]));
}

function part(kind: WordPart["kind"], text: string): WordPart {
  return { kind, text };
}

/** common[i][j] is the length of the longest common sequence of old from i and now from j. */
function lengths(old: readonly string[], now: readonly string[]): Uint16Array[] {
  const common = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = common[i] as Uint16Array;
    const next = common[i + 1] as Uint16Array;
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === now[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return common;
}

/** Neighbours of one kind made one; what is taken out stands before what is put in. */
function join(parts: readonly WordPart[]): WordPart[] {
  const joined: WordPart[] = [];
  let out = "";
  let put = "";
  const flush = () => {
    if (out) joined.push(part("out", out));
    if (put) joined.push(part("in", put));
    out = "";
    put = "";
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "out") out += text;
    else if (kind === "in") put += text;
    else {
      flush();
      const last = joined.at(-1);
      if (last?.kind === "same") last.text += text;
      else joined.push(part("same", text));
    }
  }
  flush();
  return joined;
}
