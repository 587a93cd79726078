import { useState } from "react";
import type { PublishPreview } from "../model/types";
import { t } from "../words";

export interface Wish {
  note: string;
  override_reason: string;
}

interface Props {
  preview: PublishPreview;
  busy: boolean;
  publish: (wish: Wish) => void;
}

/** The note that people read later, a reason where something is in the way, and the button. */
export function PublishForm({ preview, busy, publish }: Props) {
  const [note, setNote] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const blocked = preview.blockers.length > 0;
  const lacks = {
    note: note.trim() === "",
    reason: blocked && reason.trim() === "",
  };
  const submit = () => {
    setTried(true);
    if (lacks.note || lacks.reason) return;
    publish({ note: note.trim(), override_reason: blocked ? reason.trim() : "" });
  };
  return (
    <form
      className="form-fields form-publish-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Told
        id="publish-note"
        title={t("Note")}
        value={note}
        set={setNote}
        missing={tried && lacks.note}
        help={t(
          "What changed, and why. It stands with the version for good, so that a colleague understands it months later.",
        )}
        sentence={t("Write a note first.")}
      />
      {blocked && (
        <>
          <div className="notice error">
            <strong>{t("Something is in the way")}</strong>
            <ul>
              {preview.blockers.map((blocker) => (
                <li key={blocker}>{blocker}</li>
              ))}
            </ul>
          </div>
          <Told
            id="publish-reason"
            title={t("Publish all the same, because")}
            value={reason}
            set={setReason}
            missing={tried && lacks.reason}
            help={t("The reason is kept with the version and in the audit log.")}
            sentence={t("Give a reason, or correct what is in the way.")}
          />
        </>
      )}
      <div className="row">
        <button type="submit" className={blocked ? "danger solid" : "primary"} disabled={busy} aria-busy={busy}>
          {busy
            ? t("Working…")
            : blocked
              ? t("Publish all the same")
              : t("Publish version {number}", { number: preview.next_number })}
        </button>
      </div>
    </form>
  );
}

interface ToldProps {
  id: string;
  title: string;
  help: string;
  sentence: string;
  value: string;
  set: (value: string) => void;
  missing: boolean;
}

function Told({ id, title, help, sentence, value, set, missing }: ToldProps) {
  return (
    <div className="form-place">
      <div className="form-name">
        <label htmlFor={id}>
          {title}
          <span className="form-needed" aria-hidden="true">
            *
          </span>
        </label>
      </div>
      <p id={`${id}-help`} className="hint">
        {help}
      </p>
      <textarea
        id={id}
        rows={2}
        maxLength={500}
        required
        value={value}
        aria-invalid={missing || undefined}
        aria-describedby={`${id}-help ${id}-missing`}
        onChange={(event) => set(event.target.value)}
      />
      <p id={`${id}-missing`} className="form-refused" role={missing ? "alert" : undefined}>
        {missing ? sentence : ""}
      </p>
    </div>
  );
}
