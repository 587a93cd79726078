import { useEditor } from "../store";
import { t } from "../words";
import { phoneUrl } from "./names";
import { shown } from "./settings";
import { useTryout } from "./tryout";

/** What the house was told in the end, and how the conversation is shown and heard. */
export function TryOptions() {
  const { rehearsal, aloud, onCanvas, setAloud, setOnCanvas } = useTryout();
  const opening = useEditor((state) => state.opening);
  return (
    <div className="stack tight">
      {rehearsal && rehearsal.tickets.length + rehearsal.messages.length > 0 && (
        <section className="try-house">
          <h3>{t("What comes of it")}</h3>
          {rehearsal.tickets.map((ticket, index) => (
            // Made-up tickets have no identity of their own.
            <dl key={index} className="facts">
              <dt>{t("Ticket")}</dt>
              <dd>{[ticket.number, ticket.category, ticket.subject].map(shown).filter(Boolean).join(" · ")}</dd>
            </dl>
          ))}
          {rehearsal.messages.map((message, index) => (
            // Messages that nobody sends have no identity of their own.
            <dl key={index} className="facts">
              <dt>{t("SMS to {number}", { number: message.to })}</dt>
              <dd>{message.body}</dd>
            </dl>
          ))}
        </section>
      )}
      <label className="check">
        <input type="checkbox" checked={aloud} onChange={(event) => setAloud(event.target.checked)} />
        {t("Play as it goes, in the real voice")}
      </label>
      <label className="check">
        <input type="checkbox" checked={onCanvas} onChange={(event) => setOnCanvas(event.target.checked)} />
        {t("Show the way on the canvas")}
      </label>
      {opening.test_number && opening.links.phone && (
        <p className="small">
          <a href={phoneUrl(opening.links.phone, opening.test_number)} target="_blank" rel="noreferrer">
            {t("Call it on the phone page")}
          </a>{" "}
          <span className="muted">{t("{number} runs this draft.", { number: opening.test_number })}</span>
        </p>
      )}
    </div>
  );
}
