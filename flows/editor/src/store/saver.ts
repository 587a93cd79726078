/** Sends the draft to the desk; what cannot be sent is kept on this device. The rules are in model/saving.ts. */

import { ApiError, call } from "../api";
import { advance, IDLE, type SaveEvent, type Saving } from "../model/saving";
import type { Conflict, Saved } from "../model/types";
import { t } from "../words";
import { forget, keep } from "./local_copy";
import type { EditorState, EditorValues } from "./state";

const KEEP_AFTER_MS = 300;

interface Store {
  getState(): EditorState;
  setState(part: Partial<EditorValues>): void;
  subscribe(heard: (state: EditorState, before: EditorState) => void): () => void;
}

class Saver {
  private saving: Saving = IDLE;
  private store: Store | null = null;
  private alarm: ReturnType<typeof setTimeout> | undefined;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private waiting: (() => void)[] = [];

  /** Watches the store from now on. */
  watch(store: Store): void {
    this.store = store;
    this.saving = IDLE;
    store.subscribe((state, before) => {
      if (state.document === before.document || state.readOnly) return;
      this.keepSoon();
      this.tell({ kind: "edited", changed: state.document !== state.base });
    });
    window.addEventListener("online", () => this.tell({ kind: "online" }));
    window.addEventListener("pagehide", () => this.keepNow());
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent()) event.preventDefault();
    });
  }

  /** Sends at once; done when the desk has answered, or could not. */
  now(): Promise<void> {
    if (!this.unsent() || this.saving.state === "conflict") return Promise.resolve();
    const done = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.tell({ kind: "due" });
    return done;
  }

  /** A conflict was found when the flow was opened. */
  conflicted(): void {
    this.tell({ kind: "conflict" });
  }

  /** A conflict is settled. */
  resolved(): void {
    this.tell({ kind: "resolved", changed: this.unsent() });
  }

  private unsent(): boolean {
    const state = this.store?.getState();
    return state !== undefined && !state.readOnly && state.document !== state.base;
  }

  private tell(event: SaveEvent): void {
    const [saving, wish] = advance(this.saving, event);
    this.saving = saving;
    const { saveState, saveError } = this.store?.getState() ?? {};
    if (saveState !== saving.state || saveError !== saving.error) {
      this.store?.setState({ saveState: saving.state, saveError: saving.error });
    }
    if (!saving.sending) {
      clearTimeout(this.alarm);
      this.alarm = undefined;
    }
    if (wish.wakeAfterMs !== null) this.alarm = setTimeout(() => this.tell({ kind: "due" }), wish.wakeAfterMs);
    if (wish.send) void this.send();
    else if (!saving.sending) this.release();
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private async send(): Promise<void> {
    if (!this.store) return;
    const { document, revision, grewFrom, opening } = this.store.getState();
    let event: SaveEvent;
    try {
      const path = `/${encodeURIComponent(opening.name)}/draft`;
      const saved = await call<Saved>("PUT", path, { document, revision, base: grewFrom });
      this.store.setState({ base: document, revision: saved.revision });
      event = { kind: "saved", changed: this.unsent() };
    } catch (error) {
      event = this.failed(error, document);
    }
    this.tell(event);
    if (!this.unsent()) this.forget();
  }

  private failed(error: unknown, sent: unknown): SaveEvent {
    if (!(error instanceof ApiError))
      return { kind: "lost", error: t("The desk's answer could not be read. Are you still signed in?") };
    if (error.status === 409 && isConflict(error.body)) return this.conflictOf(error.body, sent);
    if (error.status === 0) return { kind: "lost" };
    if (error.status === 401 || error.status >= 500) return { kind: "lost", error: error.message };
    return { kind: "refused", error: error.message || t("The desk did not take the draft.") };
  }

  /** Somebody saved first - or it was ourselves, and only the answer was lost. */
  private conflictOf(conflict: Conflict, sent: unknown): SaveEvent {
    if (JSON.stringify(conflict.theirs) === JSON.stringify(sent)) {
      this.store?.setState({ base: sent as EditorValues["base"], revision: conflict.revision });
      return { kind: "saved", changed: this.unsent() };
    }
    this.store?.setState({ conflict });
    return { kind: "conflict" };
  }

  private keepSoon(): void {
    this.keeping ??= setTimeout(() => this.keepNow(), KEEP_AFTER_MS);
  }

  private keepNow(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    const state = this.store?.getState();
    if (!state) return;
    if (this.unsent())
      keep(state.opening.name, {
        document: state.document,
        base: state.base,
        revision: state.revision,
        grewFrom: state.grewFrom,
      });
    else forget(state.opening.name);
  }

  private forget(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    forget(this.store?.getState().opening.name ?? "");
  }
}

export const saver = new Saver();

function isConflict(body: unknown): body is Conflict {
  return typeof body === "object" && body !== null && "theirs" in body && "revision" in body;
}
