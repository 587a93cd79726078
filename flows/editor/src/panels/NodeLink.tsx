import { useEditor } from "../store";
import { nodeTitle } from "./names";

/** A node's title that selects it on the canvas; plain text when the flow has no such node. */
export function NodeLink({ node, note = "" }: { node: string; note?: string }) {
  const document = useEditor((state) => state.document);
  const select = useEditor((state) => state.select);
  const title = nodeTitle(document, node) + (note ? ` · ${note}` : "");
  if (!Object.hasOwn(document.nodes, node)) return <span className="node-name">{title}</span>;
  return (
    <button type="button" className="panel-node" title={node} onClick={() => select([node], { reveal: true })}>
      {title}
    </button>
  );
}
