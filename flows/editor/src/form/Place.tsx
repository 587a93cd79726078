import type { ReactNode } from "react";
import type { Problem } from "../model/types";
import { t } from "../words";
import { dotted, type Path, problemsAt } from "./plain";
import { idOf, type Marks, useScope } from "./scope";

/** The problems of a place, each with what to do about it. */
export function ProblemNotes({ id, problems }: { id: string; problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul id={id} className="form-problems">
      {problems.map((problem) => (
        <li key={`${problem.rule} ${problem.field} ${problem.message}`} className={problem.level}>
          <strong>{problem.level === "error" ? t("Error") : t("Warning")}</strong> {problem.message}
          {problem.fix && <span className="fix"> {problem.fix}</span>}
        </li>
      ))}
    </ul>
  );
}

interface PlaceProps {
  path: Path;
  title: ReactNode;
  help?: string;
  /** Segments below that show their own problems. */
  parts?: readonly string[];
  required?: boolean;
  /** "label" for one control, "group" for several below one heading. */
  as?: "label" | "group";
  aside?: ReactNode;
  /** A short control shares its line with a short neighbour where there is room. */
  short?: boolean;
  children: (marks: Marks) => ReactNode;
}

/** One place of a form: its name, the control, a sentence of help, and its problems. */
export function Place({ path, title, help, parts, required, as = "label", aside, short, children }: PlaceProps) {
  const { owner, problems } = useScope();
  const found = problemsAt(problems, dotted(path), parts);
  const id = idOf(owner, path);
  const described = [help ? `${id}-help` : "", found.length > 0 ? `${id}-problems` : ""].filter(Boolean).join(" ");
  const invalid = found.some(({ level }) => level === "error");
  const marks: Marks = {
    id,
    ...(described ? { "aria-describedby": described } : {}),
    ...(invalid ? { "aria-invalid": true as const } : {}),
  };
  const name = (
    <span>
      {title}
      {required && (
        <span className="form-needed" title={t("Required")}>
          <span aria-hidden="true">*</span>
          <span className="visually-hidden"> {t("required")}</span>
        </span>
      )}
    </span>
  );
  const rest = (
    <>
      {help && (
        <p id={`${id}-help`} className="hint">
          {help}
        </p>
      )}
      {children(marks)}
      <ProblemNotes id={`${id}-problems`} problems={found} />
    </>
  );
  const kind = `form-place${found.length > 0 ? " has-problem" : ""}${short ? " short" : ""}`;
  if (as === "group") {
    return (
      <fieldset className={kind} data-field={dotted(path)} aria-describedby={described || undefined}>
        <legend>
          {name}
          {aside}
        </legend>
        {rest}
      </fieldset>
    );
  }
  return (
    <div className={kind} data-field={dotted(path)}>
      <div className="form-name">
        <label htmlFor={id}>{name}</label>
        {aside}
      </div>
      {rest}
    </div>
  );
}
