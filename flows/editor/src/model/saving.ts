/** When a draft is sent to the desk, and what is told about it. Pure: events in, the next state and one wish out. */

export type SaveState = "saved" | "saving" | "dirty" | "offline" | "conflict";

/** `sending`: a save is under way. `lost`: how often in a row the desk was not reached. `error`: why the desk did not
 * take the document, a sentence, "" when nothing is wrong. */
export interface Saving {
  readonly state: SaveState;
  readonly sending: boolean;
  readonly lost: number;
  readonly error: string;
}

export type SaveEvent =
  | { kind: "edited"; changed: boolean }
  | { kind: "due" }
  | { kind: "saved"; changed: boolean }
  | { kind: "lost"; error?: string }
  | { kind: "refused"; error: string }
  | { kind: "conflict" }
  | { kind: "resolved"; changed: boolean }
  | { kind: "online" };

/** What is to be done: send now, wake up with "due" after so many milliseconds, or neither. */
export interface Wish {
  readonly send: boolean;
  readonly wakeAfterMs: number | null;
}

export const IDLE: Saving = { state: "saved", sending: false, lost: 0, error: "" };
export const PAUSE_MS = 1_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

const NOTHING: Wish = { send: false, wakeAfterMs: null };
const SEND: Wish = { send: true, wakeAfterMs: null };

/** The next state, and the one thing to do. */
export function advance(saving: Saving, event: SaveEvent): [Saving, Wish] {
  switch (event.kind) {
    case "edited":
      return edited(saving, event.changed);
    case "due":
    case "online":
      return due(saving);
    case "saved":
      return settled({ ...saving, sending: false, lost: 0, error: "" }, event.changed);
    case "lost": {
      const lost = saving.lost + 1;
      return [{ state: "offline", sending: false, lost, error: event.error ?? "" }, wake(retryMs(lost))];
    }
    case "refused":
      return [{ ...saving, state: "dirty", sending: false, error: event.error }, NOTHING];
    case "conflict":
      return [{ state: "conflict", sending: false, lost: 0, error: "" }, NOTHING];
    case "resolved":
      return settled(IDLE, event.changed);
  }
}

/** How long to wait before the next try: twice as long each time, up to a minute. */
export function retryMs(lost: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, lost - 1));
}

function edited(saving: Saving, changed: boolean): [Saving, Wish] {
  if (saving.state === "conflict" || saving.sending) return [saving, NOTHING];
  if (!changed) return [{ ...saving, state: "saved", error: "" }, NOTHING];
  if (saving.state === "offline") return [saving, wake(retryMs(saving.lost))];
  return [{ ...saving, state: "dirty" }, wake(PAUSE_MS)];
}

function due(saving: Saving): [Saving, Wish] {
  const waits = (saving.state === "dirty" || saving.state === "offline") && !saving.sending;
  if (!waits) return [saving, NOTHING];
  return [{ ...saving, state: saving.state === "offline" ? "offline" : "saving", sending: true }, SEND];
}

function settled(saving: Saving, changed: boolean): [Saving, Wish] {
  return changed ? [{ ...saving, state: "dirty" }, wake(PAUSE_MS)] : [{ ...saving, state: "saved" }, NOTHING];
}

function wake(afterMs: number): Wish {
  return { send: false, wakeAfterMs: afterMs };
}
