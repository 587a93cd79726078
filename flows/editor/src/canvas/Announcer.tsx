/** What was just done, for screen readers at once and for eyes for a moment. */

import { useEffect, useState } from "react";
import { useEditor } from "../store";

const SHOWN_MS = 2600;

export function Announcer() {
  const { text, at } = useEditor((s) => s.announcement);
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (!at) return;
    setShown(at);
    const alarm = setTimeout(() => setShown(0), SHOWN_MS);
    return () => clearTimeout(alarm);
  }, [at]);
  return (
    <div className={`fe-toast${shown && text ? " shown" : ""}`} role="status" aria-live="polite">
      {text}
    </div>
  );
}
