/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";
import { zhCanvas } from "../src/words/zh_canvas";
import { zhForm } from "../src/words/zh_form";

const FILES = import.meta.glob("../src/form/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

const asked = Object.values(FILES)
  .flatMap((text) => [...String(text).matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)])
  .map((match) => JSON.parse(match[1] ?? '""') as string);

describe("the words of the forms", () => {
  it("have Chinese, with the same holes, and none too many", () => {
    expect(asked.length).toBeGreaterThan(150);
    expect(asked.filter((text) => !(text in zhForm || text in zhCanvas))).toEqual([]);
    expect(Object.keys(zhForm).filter((text) => !asked.includes(text))).toEqual([]);
    const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();
    const wrong = Object.entries(zhForm).filter(([en, zh]) => holes(en).join() !== holes(zh).join());
    expect(wrong).toEqual([]);
  });
});
