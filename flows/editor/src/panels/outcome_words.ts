/** Outcomes and origins in the reader's words; a word of the flow's own is shown as it is. */

import { t } from "../words";

const OUTCOMES: Record<string, () => string> = {
  completed: () => t("Completed"),
  abandoned: () => t("Abandoned"),
  failed: () => t("Failed"),
  voicemail: () => t("Voicemail"),
  transferred: () => t("Transferred"),
  ticket: () => t("Ticket opened"),
  goodbye: () => t("Said goodbye"),
  opted_out: () => t("Wants no more calls"),
  callback: () => t("Call back wanted"),
};

const ORIGINS: Record<string, () => string> = {
  written: () => t("written"),
  recorded: () => t("recorded"),
  proposed: () => t("proposed"),
  missed: () => t("from what was missed"),
  call: () => t("from a call"),
  imported: () => t("imported"),
};

const ANSWERS: Record<string, () => string> = {
  ok: () => t("answers"),
  not_found: () => t("finds nothing"),
  error: () => t("breaks"),
  timeout: () => t("takes too long"),
};

const FLOW_DEEDS: Record<string, () => string> = {
  ask: () => t("listens"),
  gather: () => t("listens"),
  record: () => t("beeps and records"),
  dial: () => t("puts the caller through"),
  enqueue: () => t("puts the caller in the queue"),
  hangup: () => t("hangs up on the caller"),
  pause: () => t("waits a moment"),
};

const WAITS: Record<string, () => string> = {
  gather: () => t("waits for an answer"),
  record: () => t("records what is said"),
  dial: () => t("is putting through"),
  enqueue: () => t("is in the queue"),
};

const TRANSFER_ENDS: Record<string, () => string> = {
  no_answer: () => t("nobody answers"),
  answered: () => t("somebody answers"),
  busy: () => t("the line is busy"),
  failed: () => t("the transfer fails"),
};

/** How a transfer ends. */
export function transferWord(how: string): string {
  return TRANSFER_ENDS[how]?.() ?? how;
}

/** What the flow does besides talking. */
export function flowDeedWord(kind: string): string {
  return FLOW_DEEDS[kind]?.() ?? kind;
}

/** What the call waits for, "" for nothing. */
export function waitsWord(waitsFor: string): string {
  return WAITS[waitsFor]?.() ?? waitsFor;
}

/** How a call ended. */
export function outcomeWord(outcome: string): string {
  return OUTCOMES[outcome]?.() ?? outcome;
}

/** Where a saved test came from. */
export function originWord(origin: string): string {
  return ORIGINS[origin]?.() ?? origin;
}

/** How a lookup goes, with the exit's name in words. */
export function answerWord(outcome: string): string {
  return ANSWERS[outcome]?.() ?? outcome;
}
