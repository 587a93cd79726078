/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";
import { PANELS } from "../src/canvas/panel_list";
import { SHORTCUTS } from "../src/canvas/shortcuts";
import { CHINESE } from "../src/words";

const FILES = import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const LITERAL = /\bt\(\s*("(?:[^"\\]|\\.)*")/g;

function literals(): [string, string][] {
  return Object.entries(FILES).flatMap(([path, text]) =>
    [...text.matchAll(LITERAL)].map((found): [string, string] => [JSON.parse(found[1] ?? '""'), path]),
  );
}

describe("the editor's words", () => {
  it("have Chinese wherever a text is written", () => {
    expect(literals().length).toBeGreaterThan(300);
    const missing = literals().filter(([english]) => !(english in CHINESE));
    expect(missing.map(([english, path]) => `${path}: ${english}`)).toEqual([]);
  });

  it("have Chinese for panels and keys, which stand in tables", () => {
    const told = [...PANELS.map(({ word }) => word), ...SHORTCUTS.map((shortcut) => shortcut.told)].filter(Boolean);
    expect(told.filter((english) => !(english in CHINESE))).toEqual([]);
  });

  it("fill the same holes in both languages", () => {
    const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    const unlike = Object.entries(CHINESE).filter(
      ([english, chinese]) => holes(english).join() !== holes(chinese).join(),
    );
    expect(unlike).toEqual([]);
  });
});
