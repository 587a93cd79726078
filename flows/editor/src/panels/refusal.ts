/** What went wrong between the panels and the desk, as a sentence. */

import { ApiError } from "../api";
import { t } from "../words";

/** A sentence for the reader; the desk's own where it gave one. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.message) return error.message;
    if (error.status === 0) return t("The desk cannot be reached. Nothing is lost; try again in a moment.");
    return t("The desk could not do this (answer {status}). Try again.", { status: error.status });
  }
  return error instanceof Error ? error.message : String(error);
}
