/** The panel beside the canvas (a sheet on a phone), with what its tab stands for. */

import type { ComponentType } from "react";
import { FlowForm } from "../form/FlowForm";
import { NodeForm } from "../form/NodeForm";
import { Problems } from "../form/Problems";
import { PublishPanel } from "../form/PublishPanel";
import { HeatPanel } from "../panels/HeatPanel";
import { ReplayPanel } from "../panels/ReplayPanel";
import { TestsPanel } from "../panels/TestsPanel";
import { TryPanel } from "../panels/TryPanel";
import { VersionsPanel } from "../panels/VersionsPanel";
import { useEditor } from "../store";
import type { Panel } from "../store/state";
import { t } from "../words";
import { Icon } from "./Icon";
import { PANELS } from "./panel_list";

const CONTENT: Readonly<Record<Panel, ComponentType>> = {
  node: NodeForm,
  flow: FlowForm,
  problems: Problems,
  try: TryPanel,
  tests: TestsPanel,
  replay: ReplayPanel,
  heat: HeatPanel,
  versions: VersionsPanel,
  publish: PublishPanel,
};

export function SidePanel() {
  const panel = useEditor((s) => s.panel);
  const { setPanel } = useEditor.getState();
  if (!panel) return null;
  const Content = CONTENT[panel];
  const word = PANELS.find(({ key }) => key === panel)?.word ?? "";
  return (
    <div className="fe-panel" id="fe-panel" role="tabpanel" aria-labelledby={`fe-tab-${panel}`}>
      <div className="fe-panel-head">
        <strong>{t(word)}</strong>
        <button
          type="button"
          className="quiet small fe-tool"
          aria-label={t("Close the panel")}
          title={t("Close the panel")}
          onClick={() => setPanel(null)}
        >
          <Icon name="close" />
        </button>
      </div>
      {/* What scrolls must be reachable by keyboard. */}
      <div className="fe-panel-body" tabIndex={0}>
        <Content />
      </div>
    </div>
  );
}
