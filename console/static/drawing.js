// Drawings of flows: zoom by buttons, keys and Ctrl + wheel, pan by scrolling, arrow keys or dragging.
// Without this script a drawing is shown whole, fitted to the width of the page.
"use strict";
(() => {
  const $$ = (selector, root) => [...root.querySelectorAll(selector)];
  const SMALLEST = 0.15, LARGEST = 2.5, READABLE = 0.8;
  const known = new WeakMap();

  const open = (view) => {
    const canvas = view.querySelector("[data-canvas]"), level = view.querySelector("[data-zoom-level]");
    if (known.has(canvas) || !canvas.clientWidth) return;
    const size = () => canvas.querySelector("svg").viewBox.baseVal;
    let scale = 1;
    const apply = () => {
      const svg = canvas.querySelector("svg"), box = size();
      svg.setAttribute("width", Math.round(box.width * scale));
      svg.setAttribute("height", Math.round(box.height * scale));
      level.textContent = `${Math.round(scale * 100)} %`;
    };
    // The point under (x, y) of the window into the drawing stays where it is.
    const zoom = (to, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
      const next = Math.min(LARGEST, Math.max(SMALLEST, to)), ratio = next / scale;
      const left = (canvas.scrollLeft + x) * ratio - x, top = (canvas.scrollTop + y) * ratio - y;
      scale = next;
      apply();
      canvas.scrollTo(left, top);
    };
    const whole = () => Math.min(canvas.clientWidth / size().width, canvas.clientHeight / size().height, 1);
    const fit = () => { scale = Math.max(SMALLEST, whole()); apply(); canvas.scrollTo(0, 0); };
    const target = () => canvas.querySelector(".flow-node-here") ?? canvas.querySelector(`[data-node="${CSS.escape(canvas.querySelector("svg").dataset.start)}"]`);
    const show = () => {
      const el = target();
      if (!el) return;
      const place = el.getBoundingClientRect(), frame = canvas.getBoundingClientRect();
      const isStart = !el.classList.contains("flow-node-here");
      const up = isStart ? 34 * scale + 6 : (canvas.clientHeight - place.height) / 2;
      canvas.scrollTo(canvas.scrollLeft + place.left - frame.left - (canvas.clientWidth - place.width) / 2, canvas.scrollTop + place.top - frame.top - up);
    };
    const begin = () => { scale = whole() >= READABLE ? whole() : canvas.clientWidth < 500 ? 0.7 : READABLE; apply(); show(); };
    canvas.classList.add("live");
    begin();
    known.set(canvas, { renew: () => { apply(); if (canvas.querySelector(".flow-node-here")) show(); } });

    const deeds = { in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), fit, start: () => { if (scale < READABLE) { scale = READABLE; apply(); } show(); } };
    for (const button of $$("[data-zoom]", view)) button.addEventListener("click", () => deeds[button.dataset.zoom]());
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const deed = { "+": "in", "=": "in", "-": "out", 0: "fit", Home: "start" }[event.key];
      if (deed) { event.preventDefault(); deeds[deed](); }
    });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const frame = canvas.getBoundingClientRect();
      zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top);
    }, { passive: false });

    // A finger scrolls by itself; a mouse drags.
    let from = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      from = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
    });
    addEventListener("pointermove", (event) => {
      if (!from) return;
      canvas.classList.add("dragging");
      canvas.scrollTo(from.x - event.clientX, from.y - event.clientY);
    });
    addEventListener("pointerup", () => { from = null; canvas.classList.remove("dragging"); });

    // The lines of the node in hand stand out.
    const light = (event) => {
      const name = event.target.closest?.("[data-node]")?.dataset.node;
      for (const el of $$(".flow-edge", canvas)) el.classList.toggle("lit", name !== undefined && (el.dataset.from === name || el.dataset.to === name));
    };
    for (const kind of ["pointerover", "focusin", "pointerleave", "focusout"]) canvas.addEventListener(kind, light);
  };

  const find = (root) => $$("[data-drawing]", root).forEach(open);
  for (const details of $$("details", document)) details.addEventListener("toggle", () => find(details));
  find(document);
  document.addEventListener("ringback:changed", (event) => {
    const canvas = event.detail.closest("[data-canvas]");
    if (canvas) known.get(canvas)?.renew();
  });
})();
