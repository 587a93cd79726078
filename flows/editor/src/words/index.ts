/** The editor's own words in the reader's language. English is the key; Chinese stands in one table per part. */

import { language } from "../api";
import type { Words } from "../model/types";
import * as canvas from "./zh_canvas";
import * as form from "./zh_form";
import * as panels from "./zh_panels";

type Table = Readonly<Record<string, string>>;

/** Every table of Chinese that a part exports, merged. */
export const CHINESE: Table = Object.assign({}, ...[canvas, form, panels].flatMap((part) => Object.values(part)));

/** The text in the reader's language, with {name} filled in from `values`. Without Chinese the English stands. */
export function t(english: string, values: Readonly<Record<string, string | number>> = {}): string {
  const text = language() === "zh" ? (CHINESE[english] ?? english) : english;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => (name in values ? String(values[name]) : hole));
}

/** One of the texts that the desk gives per language: the reader's, else English, else any, else "". */
export function inLanguage(words: Words | undefined): string {
  if (!words) return "";
  const wanted = language();
  const near = Object.keys(words).find((tag) => tag.split("-")[0] === wanted);
  return words[near ?? ""] ?? words.en ?? Object.values(words)[0] ?? "";
}

/** A number as people of the reader's language write it. */
export function figure(value: number): string {
  return value.toLocaleString(language() === "zh" ? "zh-CN" : "en-GB");
}
