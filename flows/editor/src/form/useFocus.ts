/** Going to a field: it is scrolled into view, takes the keyboard, and is marked for a moment. */

import { type RefObject, useEffect } from "react";
import { useEditor } from "../store";
import { nearest } from "./plain";

const MARKED_MS = 1600;

/** The browser tells that something was opened a moment later; then it is drawn. */
const MADE_MS = 60;

const CONTROLS = "input:not([type=hidden]), textarea, select, summary, button";

/** The last wish that was followed. It outlives the form, which is made anew for each node. */
let answered = 0;

/** Follows the editor's wish to see a field of this owner ("" for the settings) within the form. */
export function useFocus(owner: string, form: RefObject<HTMLElement | null>): void {
  const focus = useEditor((state) => state.focus);
  useEffect(() => {
    if (!focus || focus.node !== owner || focus.at === answered || !form.current) return;
    answered = focus.at;
    if (focus.field === "") return scrollTo(form.current, true);
    reach(form.current, focus.field, 3);
  });
}

/** Brings an element into the middle of what scrolls around it, or to the top when it does not fit; the page stays. */
function scrollTo(place: HTMLElement, top: boolean): void {
  let frame = place.parentElement;
  while (frame && !/auto|scroll/.test(getComputedStyle(frame).overflowY)) frame = frame.parentElement;
  if (!frame) return;
  const [outer, inner] = [frame.getBoundingClientRect(), place.getBoundingClientRect()];
  const room = top ? 16 : Math.max(16, (outer.height - inner.height) / 2);
  frame.scrollTop += inner.top - outer.top - room;
}

/** Opens what hides the field, waits until what was folded is made, and goes there. */
function reach(form: HTMLElement, field: string, tries: number): void {
  const place = placeOf(form, field);
  if (!place) return;
  const inside = place.querySelector<HTMLDetailsElement>(":scope > details:not([open])");
  if (inside && place.dataset.field !== field && tries > 0) {
    inside.open = true;
    setTimeout(() => reach(form, field, tries - 1), MADE_MS);
    return;
  }
  for (let fold = place.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
  }
  scrollTo(place, false);
  (place.querySelector<HTMLElement>(CONTROLS) ?? place).focus({ preventScroll: true });
  place.classList.add("form-here");
  setTimeout(() => place.classList.remove("form-here"), MARKED_MS);
}

function placeOf(form: HTMLElement, field: string): HTMLElement | null {
  const places = [...form.querySelectorAll<HTMLElement>("[data-field]")];
  const best = nearest(
    field,
    places.map((place) => place.dataset.field ?? ""),
  );
  return places.find((place) => place.dataset.field === best) ?? null;
}
