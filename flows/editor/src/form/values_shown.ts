/** Any value of a document as a few words, for comparisons. */

import { t } from "../words";
import { asText, isObject } from "./plain";

const LONG = 400;

/** The value as text; a node by its type and label, anything else as it stands in the document. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return t("(nothing)");
  if (typeof value === "string") return value === "" ? t("(empty)") : value;
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ");
  if (isObject(value) && typeof value.type === "string") {
    return t("node of type {type} {label}", { type: value.type, label: asText(value.label) }).trim();
  }
  const text = JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
