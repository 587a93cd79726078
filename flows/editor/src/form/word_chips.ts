/** Lists of words as chips: what is added by typing or pasting, and what is refused. */

/** The words after adding, and those that were there already. */
export interface Added {
  words: string[];
  refused: string[];
}

/** The words of a typed or pasted text: parted by lines, tabs, commas and semicolons, Chinese ones too. */
export function wordsIn(text: string): string[] {
  return text
    .split(/[\n\r\t,;，；、]+/u)
    .map((word) => word.trim().replace(/\s+/gu, " "))
    .filter((word) => word !== "");
}

/** What counts as the same word: case, width of letters and outer space do not. */
export function sameness(word: string): string {
  return word.normalize("NFKC").trim().toLocaleLowerCase();
}

/** The list with the words of a text added; a word that is there already is refused. */
export function addWords(existing: readonly string[], text: string): Added {
  const words = [...existing];
  const seen = new Set(words.map(sameness));
  const refused: string[] = [];
  for (const word of wordsIn(text)) {
    if (seen.has(sameness(word))) refused.push(word);
    else {
      seen.add(sameness(word));
      words.push(word);
    }
  }
  return { words, refused };
}
