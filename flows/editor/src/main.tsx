/** Finds its place on the page, asks the desk for the flow and the node types, and draws the editor. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { ApiError, connect, get } from "./api";
import type { Opening, Types } from "./model/types";
import { begin, useEditor } from "./store";
import { firstCheck, watchChecks } from "./store/checker";
import { restore } from "./store/restoring";
import { saver } from "./store/saver";
import { t } from "./words";

const NARROW_PX = 720;
const PATIENCE_MS = 800;

async function open(place: HTMLElement): Promise<void> {
  const { flow = "", base = "/studio", token = "", language } = place.dataset;
  connect({ base, token, language: language?.startsWith("zh") ? "zh" : "en" });
  const [types, opening] = await Promise.all([get<Types>("/types"), get<Opening>(`/${encodeURIComponent(flow)}`)]);
  const check = await firstCheck(opening.document, opening.name, PATIENCE_MS);
  begin(opening, types, check, window.innerWidth <= NARROW_PX);
  saver.watch(useEditor);
  restore(useEditor);
  watchChecks(useEditor);
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

/** Why the editor could not be opened, where it would have been. */
function refuse(place: HTMLElement, error: unknown): void {
  const told = error instanceof ApiError && error.message;
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.textContent = told || t("The flow could not be opened. Reload the page and try again.");
  place.replaceChildren(notice);
}

const place = document.getElementById("editor");
if (place) open(place).catch((error: unknown) => refuse(place, error));
