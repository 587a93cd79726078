/// <reference types="vite/client" />
import { expect, it } from "vitest";
import { zhPanels } from "../src/words/zh_panels";

const files = import.meta.glob<string>("../src/panels/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const source = Object.values(files).join("\n");
const used = new Set([...source.matchAll(/\bt\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? ""));

it("every text of the panels has Chinese with the same holes", () => {
  expect(used.size).toBeGreaterThan(150);
  const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  const wrong = [...used].filter((text) => holes(zhPanels[text] ?? "{missing}") !== holes(text));
  expect(wrong).toEqual([]);
});

it("no Chinese is left over from a text that is gone", () => {
  expect(Object.keys(zhPanels).filter((text) => !used.has(text))).toEqual([]);
});
