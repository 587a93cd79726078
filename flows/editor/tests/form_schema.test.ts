import { describe, expect, it } from "vitest";
import { fieldWords } from "../src/form/field_words";
import {
  controlOf,
  emptyGroup,
  emptyValue,
  fieldsOf,
  helpOf,
  isDefault,
  meant,
  resolve,
  titleOf,
} from "../src/form/schema";
import { missingTexts, promptPlaces, silentIn, spokenOf, textOf } from "../src/form/spoken";
import type { NodeType, Schema } from "../src/model/types";

/** Parts that the schemas of the desk refer to, as the desk gives them. */
const DEFS: Record<string, Schema> = {
  Spoken: {
    title: "Spoken",
    anyOf: [
      { type: "string" },
      {
        type: "object",
        required: ["text"],
        properties: { text: { type: "string" }, audio: { type: "string", default: "" } },
      },
    ],
  },
  Choice: {
    type: "object",
    required: ["key", "name", "label"],
    properties: {
      key: { type: "string", pattern: "^[0-9]$" },
      name: { type: "string" },
      label: { type: "object", additionalProperties: { $ref: "#/$defs/Spoken" } },
      words: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
    },
  },
  Holidays: { type: "object", required: ["country"], properties: { country: { type: "string" } } },
  Variable: { type: "object", properties: { description: { type: "string", default: "" }, default: {} } },
};

/** A node type that no code of the editor has heard of. */
const WEATHER: Schema = {
  type: "object",
  required: ["type", "city", "scale", "prompt"],
  properties: {
    type: { const: "weather" },
    label: { type: "string", default: "" },
    city: { type: "string", maxLength: 60, "x-title": { en: "City", zh: "城市" }, "x-help": { en: "Where." } },
    scale: { enum: ["celsius", "fahrenheit"], type: "string", "x-advanced": true },
    days: { type: "integer", minimum: 1, maximum: 7, default: 3, description: "How many days." },
    spoken_too: { type: "boolean", default: true },
    timeout_s: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], default: null },
    prompt: { type: "object", additionalProperties: { $ref: "#/$defs/Spoken" } },
    offers: { type: "array", items: { $ref: "#/$defs/Choice" }, minItems: 1 },
    words: { type: "array", items: { type: "string" }, "x-widget": "words" },
    offer: { $ref: "#/$defs/Spoken", description: "In one language." },
    rest: { anyOf: [{ $ref: "#/$defs/Holidays" }, { type: "null" }], default: null },
    headers: { type: "object", additionalProperties: { type: "string" } },
    vars: { type: "object", additionalProperties: { $ref: "#/$defs/Variable" } },
    when: { type: "string", "x-widget": "expression" },
    hours: {
      type: "object",
      propertyNames: { enum: ["mon", "every_day"] },
      additionalProperties: { type: "array", items: { type: "string" } },
    },
    odd: { type: ["string", "integer"] },
  },
};

const control = (name: string) => controlOf(WEATHER.properties?.[name] ?? {}, DEFS);

describe("reading the schema of a node type that nobody wrote code for", () => {
  it("finds how each field is edited", () => {
    const controls = Object.fromEntries(Object.keys(WEATHER.properties ?? {}).map((name) => [name, control(name)]));
    expect(controls).toEqual({
      type: "json",
      label: "text",
      city: "text",
      scale: "enum",
      days: "number",
      spoken_too: "boolean",
      timeout_s: "number",
      prompt: "prompt",
      offers: "list",
      words: "strings",
      offer: "spoken",
      rest: "group",
      headers: "map",
      vars: "map-of-groups",
      when: "expression",
      hours: "hours",
      odd: "json",
    });
  });

  it("shows essentials first, leaves the fixed type out and knows what is needed", () => {
    const fields = fieldsOf(WEATHER, DEFS, ["label"]);
    expect(fields.map(({ name }) => name)).not.toContain("type");
    expect(fields.map(({ name }) => name)).not.toContain("label");
    expect(fields.at(-1)).toMatchObject({ name: "scale", advanced: true, required: true });
    expect(fields.find(({ name }) => name === "rest")).toMatchObject({ optional: true, required: false });
  });

  it("takes titles from the schema and makes one of the name where there is none", () => {
    const [city, timeout] = [WEATHER.properties?.city ?? {}, WEATHER.properties?.timeout_s ?? {}];
    expect(titleOf("city", city, "zh")).toBe("城市");
    expect(titleOf("city", city, "en")).toBe("City");
    expect(titleOf("timeout_s", timeout, "zh")).toBe("Timeout (s)");
    expect(helpOf(city, "zh")).toBe("Where.");
    expect(helpOf(WEATHER.properties?.days ?? {}, "en")).toBe("How many days.");
  });

  it("resolves what may be null and keeps the words beside a reference", () => {
    expect(resolve({ $ref: "#/$defs/Choice", description: "own words" }, DEFS)).toMatchObject({
      type: "object",
      description: "own words",
    });
    expect(resolve(WEATHER.properties?.timeout_s ?? {}, DEFS)).toMatchObject({ type: "integer", minimum: 1 });
  });

  it("makes a new item with all that it needs", () => {
    expect(emptyGroup({ $ref: "#/$defs/Choice" }, DEFS)).toEqual({ key: "", name: "", label: {} });
    expect(emptyValue(WEATHER.properties?.scale ?? {}, DEFS)).toBe("celsius");
    expect(emptyValue(WEATHER.properties?.days ?? {}, DEFS)).toBe(3);
  });

  it("knows which values say no more than leaving the field out", () => {
    const field = (name: string) => fieldsOf(WEATHER, DEFS).find((one) => one.name === name);
    const isNothing = (name: string, value: unknown) => {
      const found = field(name);
      return found ? isDefault(found, value) : undefined;
    };
    expect(isNothing("days", 3)).toBe(true);
    expect(isNothing("days", 4)).toBe(false);
    expect(isNothing("headers", {})).toBe(true);
    expect(isNothing("city", "")).toBe(false);
  });

  it("does not turn in circles over a schema that refers to itself", () => {
    expect(controlOf({ $ref: "#/$defs/Loop" }, { Loop: { $ref: "#/$defs/Loop" } })).toBe("json");
  });
});

const TYPES = [{ type: "weather", schema: WEATHER }] as unknown as NodeType[];

describe("what is spoken", () => {
  const flow = {
    name: "w",
    languages: ["en-US"],
    start: "a",
    nodes: {
      a: {
        type: "weather",
        prompt: { "en-US": "Hello", "zh-CN": "你好" },
        offers: [{ key: "1", name: "one", label: { "en-US": { text: "one", audio: "one.wav" } } }],
      },
      b: { type: "weather", prompt: {} },
      c: { type: "unknown", prompt: { "en-US": "not ours" } },
    },
  };

  it("is found at every depth of a node", () => {
    expect(promptPlaces(flow, TYPES, DEFS).map(({ node, path }) => `${node} ${path.join(".")}`)).toEqual([
      "a prompt",
      "a offers.0.label",
      "b prompt",
    ]);
  });

  it("is missing in a language only where another language says something", () => {
    expect(missingTexts(flow, "zh-CN", TYPES, DEFS)).toEqual([{ node: "a", field: "offers.0.label.zh-CN" }]);
    expect(silentIn({}, ["en-US", "zh-CN"])).toEqual([]);
    expect(silentIn({ "en-US": "Hi", "zh-CN": " " }, ["en-US", "zh-CN"])).toEqual(["zh-CN"]);
  });

  it("is a plain text without a sound file, an object with one, and nothing when empty", () => {
    expect(spokenOf("Hi", "")).toBe("Hi");
    expect(spokenOf("Hi", "hi.wav")).toEqual({ text: "Hi", audio: "hi.wav" });
    expect(spokenOf("", "")).toBeUndefined();
    expect(textOf({ text: "Hi", audio: "x" })).toBe("Hi");
  });
});

describe("a field in words", () => {
  const words = (field: string) => fieldWords(field, WEATHER, DEFS, "en", (tag) => `<${tag}>`);

  it("has the titles of the form, counts from one, and names languages", () => {
    expect(words("city")).toBe("City");
    expect(words("offers.1.label.zh-CN")).toBe("Offers 2 · Label · <zh-CN>");
    expect(words("headers.accept")).toBe("Headers · accept");
    expect(words("rest.country")).toBe("Rest · Country");
  });

  it("stays as it is where the schema knows nothing", () => {
    expect(fieldWords("a.0.b", undefined, {}, "en", (tag) => tag)).toBe("a 1 · b");
    expect(words("")).toBe("");
  });
});

describe("fields that depend on another", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      kind: { type: "string", enum: ["digits", "number"], default: "digits" },
      shortest: { type: "integer", "x-when": { kind: ["digits"] } },
      smallest: { type: "number", "x-when": { kind: ["number"] } },
    },
  };
  const shown = (values: Record<string, unknown>) => meant(fieldsOf(schema, {}), values).map(({ name }) => name);

  it("stand there only beside the values they belong to, defaults counted", () => {
    expect(shown({})).toEqual(["kind", "shortest"]);
    expect(shown({ kind: "number" })).toEqual(["kind", "smallest"]);
  });

  it("stay when they are set, so that nothing is hidden", () => {
    expect(shown({ kind: "number", shortest: 4 })).toEqual(["kind", "shortest", "smallest"]);
  });
});
