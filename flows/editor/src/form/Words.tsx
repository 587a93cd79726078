import type { WordPart } from "../model/types";
import { t } from "../words";

/** A text with what was taken out and put in, told by marks, colour, and to those who listen. */
export function WordParts({ parts }: { parts: readonly WordPart[] }) {
  return (
    <span className="form-words">
      {parts.map((part, index) => {
        // Parts have no identity but their place in the text, which is drawn once.
        const key = `${index} ${part.kind}`;
        if (part.kind === "same") return <span key={key}>{part.text}</span>;
        const word = part.kind === "out" ? t("taken out:") : t("put in:");
        const inner = (
          <>
            <span className="visually-hidden"> {word} </span>
            {part.text}
          </>
        );
        return part.kind === "out" ? <del key={key}>{inner}</del> : <ins key={key}>{inner}</ins>;
      })}
    </span>
  );
}
