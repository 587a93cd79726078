import type { FlowDocument } from "../src/model/types";

/** A greeting, a menu with two ways, and two ends; the second way asks again. */
export function smallFlow(): FlowDocument {
  return {
    format: 1,
    name: "small",
    languages: ["en-US", "zh-CN"],
    start: "hello",
    defaults: { person: "desk", failure: "bye", timeout_s: 5 },
    nodes: {
      hello: { type: "message", prompt: { "en-US": "Good day.", "zh-CN": "您好。" }, exits: { next: "ask" } },
      ask: {
        type: "menu",
        label: "Main menu",
        prompt: { "en-US": { text: "Parcel or invoice?" } },
        choices: [{ name: "parcel" }, { name: "invoice" }],
        exits: { parcel: "desk", invoice: "ask", failed: "bye" },
      },
      desk: { type: "transfer", exits: { failed: "bye" } },
      bye: { type: "hang_up", prompt: { "en-US": "Goodbye." } },
    },
    layout: { hello: [0, 0], ask: [0, 200], desk: [0, 400] },
    notes: [{ id: "note_1", text: "Remember", x: 300, y: 0 }],
  };
}

/** A frozen copy, so that an operation that changes what it was given fails. */
export function frozen<T>(value: T): T {
  if (value && typeof value === "object") {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
