/** A node's exits, each with a choice of where it leads. */

import { useId, useMemo, useState } from "react";
import type { Exit, NodeData } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { exitMark } from "./overlays";

const NEW = "\u0000new";

export function ListExits({ name, node, exits }: { name: string; node: NodeData; exits: readonly Exit[] }) {
  if (!exits.length) return <span className="muted small">{t("The call ends here.")}</span>;
  return (
    <ul className="fe-exits">
      {exits.map((exit) => (
        <ExitChoice key={exit.name} name={name} exit={exit} target={node.exits?.[exit.name] ?? ""} />
      ))}
    </ul>
  );
}

function ExitChoice({ name, exit, target }: { name: string; exit: Exit; target: string }) {
  const id = useId();
  const readOnly = useEditor((s) => s.readOnly);
  const overlay = useEditor((s) => s.overlay);
  const label = useEditor((s) => s.document.nodes[target]?.label);
  const [open, setOpen] = useState(false);
  const { connect, setChoosing } = useEditor.getState();
  const isMissing = exit.required && !target;
  const mark = exitMark(overlay, name, exit.name);
  const choose = (value: string) => {
    if (value === NEW) setChoosing({ place: null, screen: null, from: { node: name, exit: exit.name } });
    else connect(name, exit.name, value);
  };
  return (
    <li className={isMissing ? "missing" : ""}>
      <label htmlFor={id}>{exit.word}</label>
      <select
        id={id}
        value={target}
        disabled={readOnly}
        onPointerDown={() => setOpen(true)}
        onFocus={() => setOpen(true)}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{isMissing ? t("unwired") : t("not wired")}</option>
        {open ? <Targets /> : target ? <option value={target}>{label ? `${label} · ${target}` : target}</option> : null}
        {open ? <option value={NEW}>{t("New node …")}</option> : null}
      </select>
      {mark?.words ? <span className="small muted">{mark.words}</span> : null}
    </li>
  );
}

/** Every node; only made for the list that is open, as a large flow has thousands of exits. */
function Targets() {
  const nodes = useEditor((s) => s.document.nodes);
  return useMemo(
    () =>
      Object.entries(nodes).map(([name, { label }]) => (
        <option key={name} value={name}>
          {label ? `${label} · ${name}` : name}
        </option>
      )),
    [nodes],
  );
}
