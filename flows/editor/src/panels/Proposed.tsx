import { useState } from "react";
import type { Proposals } from "../model/types";
import { useEditor } from "../store";
import { t } from "../words";
import { NodeLink } from "./NodeLink";
import { exitTitle, nodeTitle } from "./names";
import { freeName } from "./test_summary";
import { useTests } from "./tests";
import { useTryout } from "./tryout";

type Proposal = Proposals["proposals"][number];

/** Tests that would try what no test tries, found by search, and what could not be reached. */
export function Proposed() {
  const mayEdit = useEditor((state) => state.opening.may_edit);
  const { proposals, busy, propose, save, runTests } = useTests();
  const [adding, setAdding] = useState(false);
  const add = async (wanted: readonly Proposal[]) => {
    setAdding(true);
    for (const proposal of wanted) {
      const name = freeName(proposal.name, useTests.getState().tests);
      const saved = await save(null, { name, scenario: proposal.scenario, origin: "proposed" });
      if (!saved) break;
      const left = useTests.getState().proposals;
      if (left) useTests.setState({ proposals: { ...left, proposals: left.proposals.filter((p) => p !== proposal) } });
    }
    setAdding(false);
    if (!useTests.getState().error) await runTests();
  };
  return (
    <section className="proposed">
      <h3>{t("Proposals")}</h3>
      <div className="row">
        <button type="button" disabled={busy !== "" || adding} onClick={() => void propose()}>
          {busy === "propose" ? t("Searching…") : t("Propose tests for what is never tried")}
        </button>
        {mayEdit && proposals && proposals.proposals.length > 1 && (
          <button type="button" disabled={adding} onClick={() => void add(proposals.proposals)}>
            {t("Add all {count}", { count: proposals.proposals.length })}
          </button>
        )}
      </div>
      <p role="status" className="muted">
        {proposals && !proposals.proposals.length && t("Nothing more can be proposed.")}
      </p>
      <ul className="test-list">
        {proposals?.proposals.map((proposal) => (
          <ProposalRow key={proposal.yaml} proposal={proposal} mayAdd={mayEdit && !adding} onAdd={add} />
        ))}
      </ul>
      {proposals && proposals.unreached.length > 0 && <Unreached unreached={proposals.unreached} />}
    </section>
  );
}

interface RowProps {
  proposal: Proposal;
  mayAdd: boolean;
  onAdd: (wanted: Proposal[]) => Promise<void>;
}

function ProposalRow({ proposal, mayAdd, onAdd }: RowProps) {
  const document = useEditor((state) => state.document);
  const check = useEditor((state) => state.check);
  const covers = proposal.covers.map(
    ([node, exit]) => `${nodeTitle(document, node)} → ${exitTitle(check, node, exit)}`,
  );
  const open = () => {
    useTryout.getState().open({ id: 0, name: proposal.name, scenario: proposal.scenario }, null);
    useEditor.getState().setPanel("try");
  };
  return (
    <li className="test-row">
      <strong className="test-name">{proposal.name}</strong>
      <span className="small muted">{t("tries {exits}", { exits: covers.join(", ") })}</span>
      <div className="test-actions">
        <button type="button" className="small" disabled={!mayAdd} onClick={() => void onAdd([proposal])}>
          {t("Add")}
        </button>
        <button type="button" className="quiet small" onClick={open}>
          {t("Open in Try")}
        </button>
      </div>
    </li>
  );
}

function Unreached({ unreached }: { unreached: Proposals["unreached"] }) {
  const check = useEditor((state) => state.check);
  return (
    <details>
      <summary>
        {t("Not reached")} <span className="count">{unreached.length}</span>
      </summary>
      <ul className="coverage-list">
        {unreached.map(({ node, exit, reason }) => (
          <li key={`${node} ${exit}`}>
            <NodeLink node={node} note={exit && exitTitle(check, node, exit)} />
            <span className="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
