/** Whether keys without Ctrl or Alt do something on this device. The console's own pages keep and read the same word. */

const KEPT = "ringback-shortcuts";

export function hasSingleKeys(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

/** Keeps the wish, and shows it at the page's other switches. */
export function keepSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // Private windows keep nothing.
  }
  for (const other of document.querySelectorAll<HTMLInputElement>("[data-shortcuts-on]")) other.checked = on;
}
