import { describe, expect, it } from "vitest";
import { advance, IDLE, PAUSE_MS, retryMs, type SaveEvent, type Saving, type Wish } from "../src/model/saving";

function given(...events: SaveEvent[]): [Saving, Wish] {
  return events.reduce<[Saving, Wish]>(
    ([saving], event) => advance(saving, event),
    [IDLE, { send: false, wakeAfterMs: null }],
  );
}

const edited: SaveEvent = { kind: "edited", changed: true };
const due: SaveEvent = { kind: "due" };

describe("autosave", () => {
  it("waits for a pause after an edit, then sends once", () => {
    const [dirty, wish] = given(edited);
    expect([dirty.state, wish]).toEqual(["dirty", { send: false, wakeAfterMs: PAUSE_MS }]);
    const [sending, send] = given(edited, due);
    expect([sending.state, send.send]).toEqual(["saving", true]);
    expect(given(edited, due, due)[1].send).toBe(false);
    expect(given(edited, due, { kind: "saved", changed: false })[0]).toEqual(IDLE);
  });

  it("never sends what did not change", () => {
    expect(given(due)[1].send).toBe(false);
    expect(given({ kind: "edited", changed: false }, due)[1].send).toBe(false);
    const [saving, wish] = given(edited, { kind: "edited", changed: false });
    expect([saving.state, wish.wakeAfterMs]).toEqual(["saved", null]);
    expect(given({ kind: "online" })[1].send).toBe(false);
  });

  it("sends again what was edited while a save was under way", () => {
    expect(given(edited, due, edited)[1]).toEqual({ send: false, wakeAfterMs: null });
    const [saving, wish] = given(edited, due, edited, { kind: "saved", changed: true });
    expect([saving.state, wish.wakeAfterMs]).toEqual(["dirty", PAUSE_MS]);
  });

  it("says offline, tries again later and later, and at once when the line is back", () => {
    const [lost, wish] = given(edited, due, { kind: "lost" });
    expect([lost.state, wish.wakeAfterMs]).toEqual(["offline", retryMs(1)]);
    const [twice, later] = given(edited, due, { kind: "lost" }, due, { kind: "lost" });
    expect(later.wakeAfterMs).toBeGreaterThan(retryMs(1));
    expect(twice.lost).toBe(2);
    expect(retryMs(50)).toBe(60_000);
    expect(given(edited, due, { kind: "lost" }, { kind: "online" })[1].send).toBe(true);
    expect(given(edited, due, { kind: "lost" }, due, { kind: "saved", changed: false })[0]).toEqual(IDLE);
  });

  it("stays offline through edits, without another try at every key", () => {
    const [saving, wish] = given(edited, due, { kind: "lost" }, edited);
    expect([saving.state, wish]).toEqual(["offline", { send: false, wakeAfterMs: retryMs(1) }]);
  });

  it("sends nothing during a conflict, and goes on when it is settled", () => {
    const conflict: SaveEvent[] = [edited, due, { kind: "conflict" }];
    expect(given(...conflict)[0].state).toBe("conflict");
    for (const event of [edited, due, { kind: "online" }] as SaveEvent[])
      expect(given(...conflict, event)[1].send).toBe(false);
    expect(given(...conflict, { kind: "resolved", changed: false })[0].state).toBe("saved");
    expect(given(...conflict, { kind: "resolved", changed: true }, due)[1].send).toBe(true);
  });

  it("tells why the desk refused, and tries again only after the next edit", () => {
    const [refused, wish] = given(edited, due, { kind: "refused", error: "Too large." });
    expect([refused.state, refused.error, wish.wakeAfterMs]).toEqual(["dirty", "Too large.", null]);
    expect(given(edited, due, { kind: "refused", error: "Too large." }, edited)[1].wakeAfterMs).toBe(PAUSE_MS);
  });
});
