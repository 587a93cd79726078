import { beforeAll, expect, it } from "vitest";
import { connect } from "../src/api";
import type { Opening, Types } from "../src/model/types";
import { begin, useEditor } from "../src/store";
import { saver } from "../src/store/saver";

const NAME = "hotline";
const types: Types = { types: [], groups: [], settings: {}, $defs: {}, functions: [], filters: [] };
const document = (description: string) => ({ name: NAME, languages: ["en-US"], start: "", nodes: {}, description });

function opened(published: Opening["published"]): Opening {
  const links = { page: "", versions: "", missed: "", phone: "", calls: "" };
  const people = { saved_at: null, saved_by: "", may_edit: true, may_publish: true };
  const desk = { lines: [], test_number: "", flows: [], links };
  return { name: NAME, document: document("one"), origin: "published", revision: 0, published, ...people, ...desk };
}

/** The desk's door to drafts, as far as the first save goes. */
class Desk {
  published = 1;
  readonly bodies: { revision: number; base: number }[] = [];

  answer = async (_path: unknown, request?: RequestInit): Promise<Response> => {
    const body = JSON.parse(String(request?.body));
    this.bodies.push({ revision: body.revision, base: body.base });
    if (body.base === this.published) return Response.json({ revision: 5, saved_at: "2026-11-20T08:00:00Z" });
    const by = { updated_by: "Omar", updated_at: "2026-11-20T08:00:00Z" };
    const conflict = { error: "Newer.", revision: 0, published: this.published, theirs: document("two"), ...by };
    return Response.json(conflict, { status: 409 });
  };
}

beforeAll(() => {
  Object.assign(globalThis, { window: new EventTarget() });
  connect({ base: "/studio", token: "", language: "en" });
});

it("says which version a first draft grew from, and after a conflict which one it grows from now", async () => {
  const desk = new Desk();
  globalThis.fetch = desk.answer as typeof fetch;
  begin(opened({ number: 1, at: "", by: "Ada" }), types, null, false);
  saver.watch(useEditor);
  desk.published = 2;
  useEditor.getState().setSetting(["description"], "mine");
  await useEditor.getState().saveNow();
  expect(useEditor.getState().saveState).toBe("conflict");
  expect(useEditor.getState().conflict?.theirs).toMatchObject({ description: "two" });

  useEditor.getState().keepMine({ ...document("both") }, useEditor.getState().conflict?.revision ?? -1);
  await useEditor.getState().saveNow();
  expect(desk.bodies).toEqual([
    { revision: 0, base: 1 },
    { revision: 0, base: 2 },
  ]);
  expect([useEditor.getState().saveState, useEditor.getState().revision]).toEqual(["saved", 5]);
});
