/** Reading JSON Schema for forms: what a field is called, how it is edited, what a new value of it looks like. */

import type { Schema, Widget, Words } from "../model/types";

export type Defs = Record<string, Schema>;

/** How a field is edited. The widgets of the contract, and those that the plain JSON type tells. */
export type Control =
  | Widget
  | "spoken" // one prompt without languages: a text, or {text, audio}
  | "text"
  | "number"
  | "boolean"
  | "enum"
  | "date"
  | "strings" // a list of texts
  | "list" // a list of objects
  | "group" // one object
  | "map" // texts by name
  | "map-of-groups"; // objects by name

/** One field of a form. */
export interface FormField {
  name: string;
  schema: Schema;
  control: Control;
  required: boolean;
  optional: boolean; // null is allowed: the field may be absent altogether
  advanced: boolean;
}

/** The schema that a reference leads to, keywords beside the reference kept; null is taken out of anyOf. */
export function resolve(schema: Schema, defs: Defs): Schema {
  let found = schema;
  for (let depth = 0; depth < 8; depth += 1) {
    if (found.$ref) {
      const { $ref, ...own } = found;
      found = { ...(defs[$ref.slice($ref.lastIndexOf("/") + 1)] ?? {}), ...own };
      continue;
    }
    const parts = withoutNull(found);
    if (found.anyOf && parts?.length === 1 && parts[0]) {
      const { anyOf: _anyOf, ...own } = found;
      found = { ...parts[0], ...own };
      continue;
    }
    break;
  }
  return found;
}

/** True when the value may be null, that is: left out. */
export function isOptional(schema: Schema): boolean {
  return (schema.anyOf ?? []).some((part) => part.type === "null") || asTypes(schema).includes("null");
}

/** Whether a schema says "what is spoken in one language". */
export function isSpoken(schema: Schema, defs: Defs): boolean {
  const found = resolve(schema, defs);
  const parts = found.anyOf ? found.anyOf.map((part) => resolve(part, defs)) : [found];
  return parts.some((part) => part.properties?.text !== undefined && part.properties.audio !== undefined);
}

/** How the field is edited. */
export function controlOf(schema: Schema, defs: Defs): Control {
  const found = resolve(schema, defs);
  const told = schema["x-widget"] ?? found["x-widget"];
  if (told && told !== "words") return told === "prompt" && !inner(found) ? "spoken" : told;
  if (isSpoken(found, defs)) return "spoken";
  if (found.enum) return "enum";
  const types = asTypes(found).filter((type) => type !== "null");
  const type = types.length === 1 ? types[0] : undefined;
  if (type === "boolean") return "boolean";
  if (type === "integer" || type === "number") return "number";
  if (type === "string") return found.format === "date" ? "date" : "text";
  if (type === "array") return controlOfList(found, defs);
  if (type === "object" || found.properties) return controlOfObject(found, defs);
  return "json";
}

function controlOfList(found: Schema, defs: Defs): Control {
  const item = found.items ? resolve(found.items, defs) : undefined;
  if (!item) return "json";
  if (item.properties && !isSpoken(item, defs)) return "list";
  return asTypes(item).includes("string") && !item.enum ? "strings" : "json";
}

function controlOfObject(found: Schema, defs: Defs): Control {
  if (found.properties && Object.keys(found.properties).length > 0) return "group";
  const value = inner(found);
  if (!value) return "json";
  if (isSpoken(value, defs)) return "prompt";
  const item = resolve(value, defs);
  if (asTypes(item).includes("string")) return "map";
  if (asTypes(item).includes("array") && item.items && asTypes(resolve(item.items, defs)).includes("string"))
    return isHours(found) ? "hours" : "words";
  return item.properties ? "map-of-groups" : "json";
}

function isHours(found: Schema): boolean {
  const names = found.propertyNames as Schema | undefined;
  return names?.enum?.includes("every_day") ?? false;
}

/** The schema of the values of an object that is keyed freely; undefined for any other. */
export function inner(found: Schema): Schema | undefined {
  return typeof found.additionalProperties === "object" ? found.additionalProperties : undefined;
}

function asTypes(schema: Schema): string[] {
  return Array.isArray(schema.type) ? schema.type : schema.type ? [schema.type] : [];
}

function withoutNull(schema: Schema): Schema[] | undefined {
  return schema.anyOf?.filter((part) => part.type !== "null");
}

/** The fields of an object in the order of the form: essentials as the schema has them, then those folded away. */
export function fieldsOf(schema: Schema, defs: Defs, leaveOut: readonly string[] = []): FormField[] {
  const found = resolve(schema, defs);
  const fields = Object.entries(found.properties ?? {})
    .filter(([name, field]) => !leaveOut.includes(name) && field.const === undefined)
    .map(([name, field]) => fieldOf(name, field, found, defs));
  return [...fields.filter((field) => !field.advanced), ...fields.filter((field) => field.advanced)];
}

function fieldOf(name: string, schema: Schema, parent: Schema, defs: Defs): FormField {
  const found = resolve(schema, defs);
  return {
    name,
    schema: found,
    control: isDayHours(name, parent) ? "hours" : controlOf(schema, defs),
    required: parent.required?.includes(name) ?? false,
    optional: isOptional(schema),
    advanced: found["x-advanced"] === true,
  };
}

/** The hours of one day: a list of periods beside a date. */
function isDayHours(name: string, parent: Schema): boolean {
  return name === "hours" && Object.values(parent.properties ?? {}).some(({ format }) => format === "date");
}

/** What a field is called. A name like timeout_s becomes "Timeout (s)" when the schema has no title for people. */
export function titleOf(name: string, schema: Schema, language: string): string {
  return inWords(schema["x-title"], language) || plainTitle(name);
}

function plainTitle(name: string): string {
  const words = name.replace(/_s$/, " (s)").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The sentence below a field, "" for none. */
export function helpOf(schema: Schema, language: string): string {
  return inWords(schema["x-help"], language) || schema.description || "";
}

/** What a value of an enumeration is called. */
export function choiceTitle(schema: Schema, value: unknown, language: string): string {
  return inWords(schema["x-enum-titles"]?.[String(value)], language) || String(value).replaceAll("_", " ");
}

function inWords(words: Words | undefined, language: string): string {
  return words?.[language] ?? words?.en ?? "";
}

/** A new value: the default when there is one, else the emptiest that the type allows. */
export function emptyValue(schema: Schema, defs: Defs): unknown {
  const found = resolve(schema, defs);
  if (schema.default !== undefined) return structuredClone(schema.default);
  switch (controlOf(schema, defs)) {
    case "boolean":
      return false;
    case "number":
      return found.minimum ?? 0;
    case "enum":
      return found.enum?.[0] ?? "";
    case "list":
    case "strings":
      return [];
    case "group":
      return emptyGroup(found, defs);
    case "prompt":
    case "map":
    case "map-of-groups":
    case "values":
    case "hours":
      return {};
    case "words":
      return asTypes(found).includes("array") ? [] : {};
    case "json":
      return null;
    default:
      return "";
  }
}

/** A new object with its required fields. */
export function emptyGroup(schema: Schema, defs: Defs): Record<string, unknown> {
  const found = resolve(schema, defs);
  const needed = fieldsOf(found, defs).filter((field) => field.required);
  return Object.fromEntries(needed.map((field) => [field.name, emptyValue(field.schema, defs)]));
}

/** True when a value says no more than leaving the field out would: its default, or nothing where nothing is needed. */
export function isDefault(field: FormField, value: unknown): boolean {
  if (value === undefined) return true;
  if (field.required) return false;
  if (field.schema.default !== undefined) return JSON.stringify(field.schema.default) === JSON.stringify(value);
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

/** The fields that mean something beside the others' values ("x-when"), and those that are set all the same. */
export function meant(fields: readonly FormField[], values: Readonly<Record<string, unknown>>): FormField[] {
  const valueOf = (name: string) => values[name] ?? fields.find((field) => field.name === name)?.schema.default;
  return fields.filter((field) => {
    const when = Object.entries(field.schema["x-when"] ?? {});
    if (!isDefault(field, values[field.name])) return true;
    return when.every(([name, wanted]) => wanted.includes(String(valueOf(name))));
  });
}
