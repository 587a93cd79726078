import { describe, expect, it } from "vitest";
import { accept, type Sources, spotInExpression, spotInTemplate, suggest } from "../src/form/completion";
import { moved, nearest, problemsAt, put } from "../src/form/plain";
import { groupProblems } from "../src/form/problem_groups";
import { periodsOn, readHours, ruling, span, withPeriods } from "../src/form/week_hours";
import { addWords, wordsIn } from "../src/form/word_chips";
import { wordDiff } from "../src/form/word_diff";
import type { Problem } from "../src/model/types";

const SOURCES: Sources = {
  values: [
    { name: "tracking", detail: "ask_tracking" },
    { name: "parcel_status", detail: "look_up" },
  ],
  functions: [
    { name: "exists", signature: "exists(value)", help: "True if there." },
    { name: "today", signature: "today()", help: "Today." },
  ],
  filters: [
    { name: "digits", signature: "{{ value | digits }}", help: "Digit by digit." },
    { name: "default", signature: '{{ value | default("none") }}', help: "If missing." },
  ],
};

const typed = (text: string) => spotInExpression(text, text.length);
const labels = (text: string) =>
  suggest(typed(text) ?? { place: "value", from: 0, to: 0, word: "?" }, SOURCES).map((s) => s.label);

describe("completion of an expression", () => {
  it("offers values and functions where an operand may stand", () => {
    expect(labels("par")).toEqual(["parcel_status"]);
    expect(labels("tracking == ex")).toEqual(["exists"]);
    expect(labels("not ")).toContain("tracking");
  });

  it("offers operators after an operand", () => {
    expect(typed("tracking ")?.place).toBe("operator");
    expect(labels("tracking ")).toContain("==");
    expect(labels("exists(tracking) an")).toEqual(["and"]);
  });

  it("stays silent within quotes and numbers", () => {
    expect(typed('tracking == "par')).toBeNull();
    expect(typed("days > 12")).toBeNull();
  });

  it("puts the caret between the brackets of a function", () => {
    const spot = typed("ex");
    const [first] = spot ? suggest(spot, SOURCES) : [];
    if (!spot || !first) throw new Error("nothing was offered");
    expect(accept("ex", spot, first, false)).toEqual({ text: "exists()", caret: 7 });
  });

  it("replaces the whole word that the caret is in", () => {
    const spot = spotInExpression("trackXX == 1", 5);
    expect(spot).toMatchObject({ from: 0, to: 7, word: "track" });
  });
});

describe("completion in a template", () => {
  const spot = (text: string) => spotInTemplate(text, text.length);

  it("works only inside an open hole", () => {
    expect(spot("Your parcel par")).toBeNull();
    expect(spot("{{ a }} then par")).toBeNull();
    expect(spot("Your {{ par")).toMatchObject({ place: "value", word: "par" });
  });

  it("offers filters after a bar, but not after one within quotes", () => {
    expect(spot("{{ tracking | di")).toMatchObject({ place: "filter", word: "di" });
    expect(spot('{{ "a|b')).toBeNull();
  });

  it("closes the hole that it completes, and no hole twice", () => {
    const take = (text: string, caret: number) => {
      const found = spotInTemplate(text, caret);
      const [first] = found ? suggest(found, SOURCES) : [];
      return found && first ? accept(text, found, first, true).text : "";
    };
    expect(take("Code {{ tra", 11)).toBe("Code {{ tracking }}");
    expect(take("Code {{ tra }} now", 11)).toBe("Code {{ tracking }} now");
    expect(take("Code {{tra", 10)).toBe("Code {{ tracking }}");
    expect(take("{{ tracking | def }}", 17)).toBe("{{ tracking | default() }}");
    expect(take("{{ tra and {{ b }}", 6)).toBe("{{ tracking }} and {{ b }}");
  });
});

describe("words as chips", () => {
  it("come from lines, commas and Chinese commas, without empty ones", () => {
    expect(wordsIn("track\n tracking ,查件，快递、 ;")).toEqual(["track", "tracking", "查件", "快递"]);
  });

  it("refuse what is there already, whatever its case or width", () => {
    expect(addWords(["Track", "ＡＢ"], "track, ab, new, new")).toEqual({
      words: ["Track", "ＡＢ", "new"],
      refused: ["track", "ab", "new"],
    });
  });
});

const problem = (field: string, level: Problem["level"] = "error", node = "menu"): Problem => ({
  rule: "r",
  level,
  node,
  field,
  message: `${node} ${field}`,
  fix: "",
});

describe("problems at fields", () => {
  const all = [
    problem("choices.1.label.zh-CN"),
    problem("choices.1.key"),
    problem("choices"),
    problem("choices.9.key"),
  ];

  it("show at the deepest place that is there, and each exactly once", () => {
    const fields = (path: string, parts: string[] = []) => problemsAt(all, path, parts).map(({ field }) => field);
    expect(fields("choices", ["0", "1"])).toEqual(["choices", "choices.9.key"]);
    expect(fields("choices.1", ["key", "label"])).toEqual([]);
    expect(fields("choices.1.key")).toEqual(["choices.1.key"]);
    expect(fields("choices.1.label", ["en-US"])).toEqual(["choices.1.label.zh-CN"]);
    expect(fields("", ["choices"])).toEqual([]);
  });

  it("do not mistake a longer name for the field itself", () => {
    expect(problemsAt([problem("prompt_two.en-US")], "prompt")).toEqual([]);
  });

  it("lead to the nearest place that the form has", () => {
    expect(nearest("choices.1.label.zh-CN.text", ["choices", "choices.1.label", "choices.1.label.zh-CN"])).toBe(
      "choices.1.label.zh-CN",
    );
    expect(nearest("exits.track", ["exits", "label"])).toBe("exits");
    expect(nearest("other", ["exits"])).toBe("");
  });

  it("are grouped by node, nodes with errors first, errors first within", () => {
    const groups = groupProblems(
      [
        problem("a", "warning", "one"),
        problem("b", "warning", "two"),
        problem("c", "error", "two"),
        problem("d", "warning", ""),
      ],
      ["one", "two"],
    );
    expect(groups.map(({ node }) => node)).toEqual(["two", "", "one"]);
    expect(groups[0]?.problems.map(({ level }) => level)).toEqual(["error", "warning"]);
  });
});

describe("plain data", () => {
  it("changes one place and leaves the rest as it was", () => {
    const data = { a: [{ b: 1 }, { b: 2 }], c: 3 };
    expect(put(data, ["a", 1, "b"], 9)).toEqual({ a: [{ b: 1 }, { b: 9 }], c: 3 });
    expect(put(data, ["a", 0], undefined)).toEqual({ a: [{ b: 2 }], c: 3 });
    expect(data.a[1]).toEqual({ b: 2 });
  });

  it("moves an item by one place and stops at the ends", () => {
    const items = ["a", "b", "c"];
    expect(moved(items, 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(items, 0, -1)).toBe(items);
    expect(moved(items, 2, 1)).toBe(items);
  });
});

describe("opening hours", () => {
  const hours = readHours({ every_day: ["08:00-21:00"], weekend: [], wed: ["22:00-06:00"], other: 1 });

  it("a day's own hours count before its group's, and these before every day's", () => {
    expect(ruling(hours, "mon")).toBe("every_day");
    expect(ruling(hours, "sat")).toBe("weekend");
    expect(periodsOn(hours, "sun")).toEqual([]);
    expect(periodsOn(hours, "wed")).toEqual(["22:00-06:00"]);
  });

  it("a period is a bar of its day; over midnight it reaches the end", () => {
    expect(span("06:00-18:00")).toEqual({ from: 0.25, to: 0.75 });
    expect(span("22:00-06:00")?.to).toBe(1);
    expect(span("18:00-24:00")).toEqual({ from: 0.75, to: 1 });
    expect(span("8-21")).toBeNull();
  });

  it("a key is set and taken out", () => {
    expect(withPeriods(hours, "wed", null)).not.toHaveProperty("wed");
    expect(withPeriods(hours, "mon", ["09:00-10:00"]).mon).toEqual(["09:00-10:00"]);
  });
});

describe("word-level differences", () => {
  const shown = (before: string, after: string) =>
    wordDiff(before, after)
      .map(({ kind, text }) => (kind === "same" ? text : kind === "out" ? `[-${text}-]` : `{+${text}+}`))
      .join("");

  it("go word by word, and character by character in Chinese", () => {
    expect(shown("How can I help?", "How may I help you?")).toBe("How [-can-]{+may+} I help{+ you+}?");
    expect(shown("请问您需要", "请问你要")).toBe("请问[-您需-]{+你+}要");
  });

  it("are whole for texts that are too long to compare", () => {
    const long = "word ".repeat(2000);
    expect(wordDiff(long, "short").map(({ kind }) => kind)).toEqual(["out", "in"]);
  });

  it("give back both texts", () => {
    const parts = wordDiff("a b c d", "a x c e d");
    const side = (skip: string) =>
      parts
        .filter(({ kind }) => kind !== skip)
        .map(({ text }) => text)
        .join("");
    expect([side("in"), side("out")]).toEqual(["a b c d", "a x c e d"]);
  });
});
