/** Fields in words, for lists that stand outside of a form. */

import { language } from "../api";
import { useEditor } from "../store";
import { wordsOfField } from "./field_words";
import { languageName } from "./languages";

/** Says where a field of a node is; "" is the flow's own settings. */
export function useFieldWords(): (node: string, field: string) => string {
  const types = useEditor((state) => state.types);
  return (node, field) => wordsOfField(node, field, useEditor.getState().document, types, language(), languageName);
}
