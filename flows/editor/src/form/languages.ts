/** Languages by their tags, as people call them. */

import { language } from "../api";

/** Tags that are offered; any other may be typed. */
export const OFFERED = [
  "en-US",
  "en-GB",
  "zh-CN",
  "zh-HK",
  "zh-TW",
  "ko-KR",
  "ja-JP",
  "de-DE",
  "fr-FR",
  "es-ES",
  "it-IT",
  "pt-BR",
];

/** What a language is called in the reader's language: "Chinese (China)"; the tag when nobody knows it. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Whether a tag looks like one: a language, and perhaps script and region. */
export function isTag(tag: string): boolean {
  return /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/.test(tag);
}
