/** Where a field is, in the words of its form: "choices.1.label.zh-CN" is "Choices 2 · Called · Chinese (China)". */

import type { FlowDocument, Schema, Types } from "../model/types";
import { isTag } from "./languages";
import { type Defs, inner, resolve, titleOf } from "./schema";

/** The dotted field in words, by the schema of what it belongs to; parts that the schema does not know stay. */
export function fieldWords(
  field: string,
  schema: Schema | undefined,
  defs: Defs,
  language: string,
  nameOf: (tag: string) => string,
): string {
  const words: string[] = [];
  let here = schema ? resolve(schema, defs) : undefined;
  for (const part of field === "" ? [] : field.split(".")) {
    const next: Schema | undefined = here?.properties?.[part] ?? (here && (here.items ?? inner(here)));
    if (here?.properties?.[part]) words.push(titleOf(part, resolve(here.properties[part], defs), language));
    else if (/^\d+$/.test(part)) words.push(`${words.pop() ?? ""} ${Number(part) + 1}`.trim());
    else words.push(isTag(part) ? nameOf(part) : part);
    here = next ? resolve(next, defs) : undefined;
  }
  return words.join(" · ");
}

/** The field of a node, or of the flow's settings for node "", in words. */
export function wordsOfField(
  node: string,
  field: string,
  document: FlowDocument,
  types: Types,
  language: string,
  nameOf: (tag: string) => string,
): string {
  const type = document.nodes[node]?.type;
  const schema = node === "" ? types.settings : types.types.find((one) => one.type === type)?.schema;
  return fieldWords(field, schema, { ...types.$defs, ...schema?.$defs }, language, nameOf);
}
