import { type ReactNode, useLayoutEffect, useRef, useState } from "react";

interface Props {
  className?: string;
  summary: ReactNode;
  /** Opens when it becomes true. It is never closed from outside: somebody may be typing in it. */
  open: boolean;
  /** What is inside is made when it is first opened; for long lists. */
  lazy?: boolean;
  children: ReactNode;
}

/** What is folded away below a line, until it is wanted. */
export function Fold({ className, summary, open, lazy = false, children }: Props) {
  const [made, setMade] = useState(open || !lazy);
  const fold = useRef<HTMLDetailsElement>(null);
  useLayoutEffect(() => {
    if (open && fold.current) fold.current.open = true;
  }, [open]);
  return (
    <details ref={fold} className={className} onToggle={(event) => event.currentTarget.open && setMade(true)}>
      {summary}
      {made && children}
    </details>
  );
}
