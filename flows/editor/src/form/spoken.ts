/** What is spoken per language: reading it, changing it, and finding what a language lacks. */

import type { FlowDocument, NodeType, Schema } from "../model/types";
import { asList, asObject, asText, dotted, isObject, type Path } from "./plain";
import { controlOf, type Defs, fieldsOf, inner, resolve } from "./schema";

/** The text of what is spoken in one language. */
export function textOf(spoken: unknown): string {
  return isObject(spoken) ? asText(spoken.text) : asText(spoken);
}

/** The sound file of what is spoken in one language, "" for none. */
export function audioOf(spoken: unknown): string {
  return isObject(spoken) ? asText(spoken.audio) : "";
}

/** Text and sound file as a document has them: a plain text when there is no file, nothing when both are empty. */
export function spokenOf(text: string, audio: string): unknown {
  if (audio) return { text, audio };
  return text === "" ? undefined : text;
}

/** The languages of a prompt that say nothing though another one does. */
export function silentIn(prompt: unknown, languages: readonly string[]): string[] {
  const said = asObject(prompt);
  const missing = languages.filter((language) => textOf(said[language]).trim() === "");
  return missing.length < languages.length ? missing : [];
}

/** A prompt of a document. */
export interface PromptPlace {
  node: string;
  path: Path;
  prompt: Record<string, unknown>;
}

/** Every prompt with languages in a document, in the order of its nodes. Nodes of unknown type are passed over. */
export function promptPlaces(document: FlowDocument, types: readonly NodeType[], defs: Defs): PromptPlace[] {
  const schemas = new Map(types.map((type) => [type.type, type.schema]));
  return Object.entries(document.nodes).flatMap(([node, data]) => {
    const schema = schemas.get(data.type);
    return schema ? promptsIn(data, schema, { ...defs, ...schema.$defs }, []).map((found) => ({ node, ...found })) : [];
  });
}

function promptsIn(data: unknown, schema: Schema, defs: Defs, path: Path): Omit<PromptPlace, "node">[] {
  const found = resolve(schema, defs);
  switch (controlOf(schema, defs)) {
    case "prompt":
      return isObject(data) ? [{ path, prompt: data }] : [];
    case "list":
      return asList(data).flatMap((item, index) => promptsIn(item, found.items ?? {}, defs, [...path, index]));
    case "map-of-groups":
      return Object.entries(asObject(data)).flatMap(([key, item]) =>
        promptsIn(item, inner(found) ?? {}, defs, [...path, key]),
      );
    case "group":
      return fieldsOf(found, defs).flatMap((field) =>
        promptsIn(asObject(data)[field.name], field.schema, defs, [...path, field.name]),
      );
    default:
      return [];
  }
}

/** Where a language lacks a text that another language has: node and dotted field, each to be jumped to. */
export function missingTexts(
  document: FlowDocument,
  language: string,
  types: readonly NodeType[],
  defs: Defs,
): { node: string; field: string }[] {
  return promptPlaces(document, types, defs)
    .filter(({ prompt }) => silentIn(prompt, [...document.languages, language]).includes(language))
    .map(({ node, path }) => ({ node, field: `${dotted(path)}.${language}` }));
}
