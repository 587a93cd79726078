/** The scopes of the two forms: of a node, and of the flow's settings. */

import { useMemo } from "react";
import { language } from "../api";
import type { Schema } from "../model/types";
import { useEditor } from "../store";
import { sourcesOf } from "./completion";
import type { FormScope } from "./scope";

const NONE: never[] = [];

/** The scope of a node's form; `schema` is that of its type. */
export function useNodeScope(node: string, schema: Schema | undefined, wide: boolean): FormScope {
  const types = useEditor((state) => state.types);
  const document = useEditor((state) => state.document);
  const readOnly = useEditor((state) => state.readOnly);
  const problems = useEditor((state) => state.problemsOf[node] ?? NONE);
  const about = useEditor((state) => (state.check?.node?.name === node ? state.check.node : null));
  const setField = useEditor((state) => state.setField);
  return useMemo(
    () => ({
      owner: node,
      data: document.nodes[node],
      document,
      defs: { ...types.$defs, ...schema?.$defs },
      readOnly,
      problems,
      sources: sourcesOf(about?.known ?? NONE, types, language()),
      seconds: about?.seconds ?? {},
      wide,
      set: (path, value) => setField(node, path, value),
    }),
    [node, schema, wide, types, document, readOnly, problems, about, setField],
  );
}

/** The scope of the settings. */
export function useFlowScope(): FormScope {
  const types = useEditor((state) => state.types);
  const document = useEditor((state) => state.document);
  const readOnly = useEditor((state) => state.readOnly);
  const problems = useEditor((state) => state.problemsOf[""] ?? NONE);
  const setSetting = useEditor((state) => state.setSetting);
  return useMemo(
    () => ({
      owner: "",
      data: document,
      document,
      defs: { ...types.$defs, ...types.settings.$defs },
      readOnly,
      problems,
      sources: sourcesOf(NONE, types, language()),
      seconds: {},
      wide: false,
      set: setSetting,
    }),
    [types, document, readOnly, problems, setSetting],
  );
}
