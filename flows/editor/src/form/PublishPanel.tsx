import { useCallback, useEffect, useState } from "react";
import { ApiError, call, get } from "../api";
import type { Conflict, Opening, PublishPreview, PublishRefused } from "../model/types";
import { useEditor } from "../store";
import { saver } from "../store/saver";
import { t } from "../words";
import "./form.css";
import { Published } from "./Published";
import { PublishForm, type Wish } from "./PublishForm";
import { PreviewView, Unready } from "./PublishPreview";

/** What publishing the draft would do, and the button that does it. */
export function PublishPanel() {
  const document = useEditor((state) => state.document);
  const name = useEditor((state) => state.opening.name);
  const mayPublish = useEditor((state) => state.opening.may_publish);
  const [preview, setPreview] = useState<PublishPreview | null>(null);
  const [of, setOf] = useState<unknown>(null);
  const [sentence, setSentence] = useState("");
  const [busy, setBusy] = useState<"" | "looking" | "publishing">("");
  const [number, setNumber] = useState(0);

  const look = useCallback(async () => {
    setBusy("looking");
    setSentence("");
    const looked = useEditor.getState().document;
    try {
      setPreview(await call<PublishPreview>("POST", `/${encodeURIComponent(name)}/preview`, { document: looked }));
      setOf(looked);
    } catch (error) {
      setSentence(sentenceOf(error, t("The desk could not say what publishing would do.")));
    }
    setBusy("");
  }, [name]);
  useEffect(() => {
    void look();
  }, [look]);

  const publish = async (wish: Wish) => {
    setBusy("publishing");
    setSentence("");
    try {
      await useEditor.getState().saveNow();
      const { revision, saveState, saveError } = useEditor.getState();
      if (saveState !== "saved") {
        setSentence(saveError || unsaved(saveState));
      } else {
        const path = `/${encodeURIComponent(name)}/publish`;
        const done = await call<{ number: number }>("POST", path, { revision, ...wish });
        await noted(done.number, revision);
        setNumber(done.number);
        setPreview(null);
      }
    } catch (error) {
      refused(error);
    }
    setBusy("");
  };
  const refused = (error: unknown) => {
    if (error instanceof ApiError && error.status === 409 && isConflict(error.body)) {
      useEditor.setState({ conflict: error.body });
      saver.conflicted();
    }
    const blockers = error instanceof ApiError ? (error.body as PublishRefused | null)?.blockers : undefined;
    if (preview && Array.isArray(blockers)) setPreview({ ...preview, blockers });
    setSentence(sentenceOf(error, t("The flow was not published.")));
  };
  const stale = preview !== null && of !== document;
  return (
    <section className="form form-publish" aria-label={t("Publish")}>
      <header className="form-head">
        <h2>{preview?.next_number ? t("Publish version {number}", { number: preview.next_number }) : t("Publish")}</h2>
        {!mayPublish && <p className="muted">{t("Only administrators publish. You see what it would do.")}</p>}
      </header>
      {number > 0 && <Published number={number} />}
      {sentence && (
        <p className="notice error" role="alert">
          {sentence}
        </p>
      )}
      {busy === "looking" && !preview && (
        <p className="muted">{t("Comparing, checking and running the saved tests…")}</p>
      )}
      {stale && (
        <div className="notice warning">
          <p>{t("The flow was changed since this was looked at.")}</p>
          <button type="button" className="small" disabled={busy !== ""} onClick={() => void look()}>
            {t("Look again")}
          </button>
        </div>
      )}
      {preview && preview.next_number > 0 && <PreviewView preview={preview} />}
      {preview?.next_number === 0 && <Unready preview={preview} />}
      {preview && preview.next_number > 0 && mayPublish && (
        <PublishForm preview={preview} busy={busy !== ""} publish={(wish) => void publish(wish)} />
      )}
      {!preview && busy === "" && (
        <button type="button" onClick={() => void look()}>
          {t("Look again")}
        </button>
      )}
    </section>
  );
}

/**
 * The draft became a version and is gone: the next save begins a new one, with revision 0. Who published what is asked
 * of the desk; without an answer the number alone is known.
 */
async function noted(number: number, revision: number): Promise<void> {
  if (useEditor.getState().revision === revision) useEditor.setState({ revision: 0, grewFrom: number });
  const name = useEditor.getState().opening.name;
  const told = await get<Opening>(`/${encodeURIComponent(name)}`).catch(() => null);
  const published = told?.published ?? { number, at: new Date().toISOString(), by: "" };
  useEditor.setState({ opening: { ...useEditor.getState().opening, origin: "published", published } });
}

function sentenceOf(error: unknown, otherwise: string): string {
  if (error instanceof ApiError && error.status === 0) return t("The desk cannot be reached. Nothing was published.");
  return (error instanceof ApiError && error.message) || otherwise;
}

function unsaved(state: string): string {
  return state === "conflict"
    ? t("Somebody else saved this flow. Decide what is kept first.")
    : t("The draft could not be saved, so nothing was published.");
}

function isConflict(body: unknown): body is Conflict {
  return typeof body === "object" && body !== null && "theirs" in body && "revision" in body;
}
