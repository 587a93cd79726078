import { describe, expect, it } from "vitest";
import { back, forward, JOIN_MS, NOTHING_DONE, remember } from "../src/model/history";
import { connect, removeNodes, renameNode } from "../src/model/operations";
import { smallFlow } from "./flows_for_tests";

describe("undo and redo", () => {
  it("bring back exactly the documents there were, any number of steps", () => {
    const documents = [smallFlow()];
    let history = NOTHING_DONE;
    for (let step = 0; step < 300; step += 1) {
      const before = documents.at(-1) ?? smallFlow();
      const exits = step % 2 ? "ask" : "bye";
      history = remember(history, before, `step ${step}`, "", step);
      documents.push(connect(before, "hello", "next", exits));
    }
    let now = documents.at(-1) ?? smallFlow();
    for (let step = 299; step >= 0; step -= 1) {
      const travel = back(history, now);
      expect(travel?.label).toBe(`step ${step}`);
      expect(travel?.document).toBe(documents[step]);
      [history, now] = [travel?.history ?? history, travel?.document ?? now];
    }
    expect(back(history, now)).toBeNull();
    for (let step = 1; step <= 300; step += 1) {
      const travel = forward(history, now);
      expect(travel?.document).toBe(documents[step]);
      [history, now] = [travel?.history ?? history, travel?.document ?? now];
    }
    expect(forward(history, now)).toBeNull();
  });

  it("restore what a deletion or a new name changed elsewhere", () => {
    const flow = smallFlow();
    const history = remember(NOTHING_DONE, flow, "Delete", "", 0);
    expect(back(history, removeNodes(flow, ["ask", "bye"]))?.document).toEqual(smallFlow());
    expect(back(history, renameNode(flow, "bye", "end"))?.document).toEqual(smallFlow());
  });

  it("join edits of one field that follow each other, and no others", () => {
    const flow = smallFlow();
    let history = remember(NOTHING_DONE, flow, "a", "hello prompt", 1_000);
    history = remember(history, { ...flow }, "a", "hello prompt", 1_000 + JOIN_MS);
    expect(history.past).toHaveLength(1);
    expect(history.past[0]?.document).toBe(flow);
    history = remember(history, { ...flow }, "a", "hello prompt", 1_001 + 3 * JOIN_MS);
    history = remember(history, { ...flow }, "b", "ask prompt", 1_001 + 3 * JOIN_MS);
    expect(history.past).toHaveLength(3);
    history = remember(remember(history, flow, "c", "", 9_000), flow, "c", "", 9_000);
    expect(history.past).toHaveLength(5);
  });

  it("forget the way forward when something else is done", () => {
    const flow = smallFlow();
    const undone = back(remember(NOTHING_DONE, flow, "a", "k", 0), { ...flow });
    const history = remember(undone?.history ?? NOTHING_DONE, flow, "b", "k", 1);
    expect(history.future).toEqual([]);
    expect(history.past).toHaveLength(1);
  });
});
