// What every page does in the browser: live parts, shortcuts, menus. No page needs it to be read or to send a form.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- lengths that count on
  const length = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000));
    const two = (n) => String(n).padStart(2, "0");
    return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
  };
  // The desk's clock counts, not the reader's, which may be wrong by minutes.
  const ahead = Date.parse(document.body.dataset.now) - Date.now() || 0;
  setInterval(() => {
    if (paused) return;
    for (const el of $$("[data-since]")) el.textContent = length(Date.now() + ahead - Date.parse(el.dataset.since));
  }, 1000);

  // A picture that is wider than the screen shows its newest end.
  const showNewest = (root) => { for (const el of $$(".plot", root)) el.scrollLeft = el.scrollWidth; };
  showNewest(document);

  // ---- live parts: the stream says what changed, the part is fetched and merged in
  let paused = false;
  const sent = new WeakMap(); // The HTML of each keyed element as the server sent it, to tell what is new.

  const remember = (root) => {
    for (const el of $$("[data-key]", root)) if (!sent.has(el)) sent.set(el, el.outerHTML);
  };

  // Elements that did not change stay as they are, so that a playing recording or an open detail is not disturbed.
  const merge = (target, html) => {
    const focus = target.contains(document.activeElement) ? document.activeElement : null;
    const focusHref = focus && focus.getAttribute("href");
    // A fragment of this document, not a template's: a recording that is moved within one document plays on.
    const range = document.createRange();
    range.selectNodeContents(target);
    const fresh = range.createContextualFragment(html);
    const old = new Map($$("[data-key]", target).map((el) => [el.dataset.key, el]));
    const hadRows = old.size > 0;
    for (const el of $$("[data-key]", fresh)) {
      const before = old.get(el.dataset.key);
      const text = el.outerHTML;
      sent.set(el, text);
      if (before && sent.get(before) === text) el.replaceWith(before);
      else if (hadRows && !before) el.classList.add("fresh");
    }
    const open = $$("details", target).map((d) => d.open);
    target.replaceChildren(...fresh.childNodes);
    if (!hadRows) $$("details", target).forEach((d, i) => { if (open[i]) d.open = true; });
    if (focus) (target.contains(focus) ? focus : focusHref && $$("a", target).find((a) => a.getAttribute("href") === focusHref))?.focus({ preventScroll: true });
    showNewest(target);
    window.htmx?.process(target);
    document.dispatchEvent(new CustomEvent("ringback:changed", { detail: target }));
  };

  // A part in which somebody is typing or choosing is left alone; the server tells of what changed when it is sent.
  const isInHand = (el) => {
    if (!el.dataset.follow) return false;
    const shown = (x) => Math.max(0, [...x.options].findIndex((o) => o.defaultSelected));
    const changed = (x) => (x.tagName === "SELECT" ? x.selectedIndex !== shown(x) : x.type !== "hidden" && x.value !== x.defaultValue);
    return el.contains(document.activeElement) || Boolean($("[data-draft]", el)) || $$("select, input, textarea", el).some(changed);
  };
  // An answer that was under way while this page itself changed the ticket is no news: it is as old or older.
  const stamp = (text) => ["version", "seen"].map((name) => Number(new RegExp(`name="${name}" value="(\\d+)"`).exec(text)?.[1] ?? 0));
  const isOlder = (el, text) => {
    if (!el.dataset.follow) return false;
    const there = stamp(el.innerHTML), fresh = stamp(text);
    return fresh[0] <= there[0] && fresh[1] <= there[1];
  };
  // What is pressed stays until it is let go, and its click is through: a row that is replaced in between has no click.
  let letGo = null, released = Promise.resolve();
  document.addEventListener("pointerdown", () => { if (!letGo) released = new Promise((done) => { letGo = done; }); }, true);
  for (const end of ["pointerup", "pointercancel", "dragend", "contextmenu"]) {
    document.addEventListener(end, () => { const done = letGo; letGo = null; if (done) setTimeout(done); }, true);
  }
  const came = new WeakMap();
  const busy = new WeakMap();
  const refresh = async (el) => {
    if (paused) return;
    if (busy.get(el)) { busy.set(el, "again"); return; }
    busy.set(el, "now");
    try {
      const response = await fetch(el.dataset.refresh, { headers: { "HX-Request": "true" } });
      if (response.status === 401) return location.reload();
      if (response.ok) {
        const text = await response.text(), isNew = came.get(el) !== text;
        await released;
        came.set(el, text);
        if (isNew && !isOlder(el, text) && !isInHand(el)) { merge(el, text); announce(el); }
        // Parts that say the same in other words are renewed only when something happened.
        if (isNew && el.id) $$(`[data-follow="${el.id}"]`).forEach(refresh);
      }
    } catch { /* The stream's own state tells that the desk cannot be reached. */ }
    const again = busy.get(el) === "again";
    busy.delete(el);
    if (again) setTimeout(() => refresh(el), 300);
  };

  let lastSaid = 0;
  const announce = (el) => {
    const sentence = el.dataset.announce && $(el.dataset.announce, el)?.textContent.trim();
    const place = $("[data-announcer]");
    if (!sentence || !place || place.textContent === sentence || Date.now() - lastSaid < 4000) return;
    lastSaid = Date.now();
    place.textContent = sentence;
  };

  const beat = (state) => {
    const dot = $("[data-beat]"), word = $("[data-beat-word]");
    if (!dot) return;
    dot.classList.toggle("off", state !== "on");
    word.textContent = word.dataset[state];
  };

  const listen = () => {
    const parts = $$("[data-watch]");
    if (!parts.length) return;
    remember(document);
    const topics = [...new Set(parts.flatMap((el) => el.dataset.watch.split(" ")))];
    const seen = {};
    let poll = null, source = null;
    const open = () => {
      if (source || document.hidden) return;
      source = new EventSource(`${document.body.dataset.stream}?watch=${topics.join(",")}`);
      source.onopen = () => { clearInterval(poll); poll = null; beat(paused ? "paused" : "on"); };
      source.onerror = () => {
        beat("off");
        if (source?.readyState !== EventSource.CLOSED) return;
        source = null;
        // No place on the server, or it is gone: ask from time to time, and try for a place later.
        poll ??= setInterval(() => document.hidden || parts.forEach(refresh), 5000);
        setTimeout(open, 30000);
      };
      for (const topic of topics) source.addEventListener(topic, (event) => {
        if (seen[topic] === event.data) return;
        seen[topic] = event.data;
        parts.filter((el) => el.isConnected && el.dataset.watch.split(" ").includes(topic)).forEach(refresh);
      });
    };
    // A browser opens few connections to one server, so a tab that nobody sees gives its own back.
    const close = () => { source?.close(); source = null; };
    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    addEventListener("pagehide", close);
    addEventListener("pageshow", open);
    open();
    const button = $("[data-pause]");
    button?.addEventListener("click", () => {
      paused = !paused;
      button.setAttribute("aria-pressed", String(paused));
      button.textContent = paused ? button.dataset.resumeWord : button.dataset.pauseWord;
      beat(paused ? "paused" : "on");
      if (!paused) parts.forEach(refresh);
    });
  };

  // ---- notices
  const tell = (text, kind = "error") => {
    const place = $("#notices");
    if (!place) return;
    const p = document.createElement("p");
    p.className = `notice ${kind}`;
    p.textContent = text;
    place.replaceChildren(p);
  };
  document.addEventListener("htmx:sendError", () => tell(document.body.dataset.unreachable));
  document.addEventListener("htmx:responseError", (event) => {
    const text = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").body.textContent.trim();
    tell(text.length && text.length < 400 ? text : document.body.dataset.failed);
  });
  // A note that was kept is cleared; one that was not stays in its box.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-clear]");
    if (form && event.detail.successful && !$("#notices .error")) $("textarea", form).value = "";
  });
  window.ringback = { tell, length };

  // ---- what a narrow screen folds away
  for (const el of $$("details[data-wide-open]")) el.open = matchMedia("(min-width: 641px)").matches || "used" in el.dataset || (el.id !== "" && location.hash === `#${el.id}`);

  // ---- menus and dialogs
  document.addEventListener("click", (event) => {
    for (const el of $$("[data-popover][open]")) if (!el.contains(event.target)) el.open = false;
    if (event.target.closest("[data-menu]")) toggleMenu();
    else if (document.body.classList.contains("menu-open") && !event.target.closest("#side")) toggleMenu(false);
    if (event.target.closest("[data-help]")) help();
  });
  const toggleMenu = (to) => {
    const on = document.body.classList.toggle("menu-open", to);
    $("[data-menu]")?.setAttribute("aria-expanded", String(on));
    if (on) $("#side a[aria-current]")?.focus() ?? $("#side a")?.focus();
  };
  const help = () => { const d = $("#help"); if (d && !d.open) d.showModal(); };

  // ---- shortcuts
  const KEPT = "ringback-shortcuts";
  const kept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
  const on = () => kept() !== "off";
  for (const box of $$("[data-shortcuts-on]")) {
    box.checked = on();
    box.addEventListener("change", () => {
      try { localStorage.setItem(KEPT, box.checked ? "on" : "off"); } catch { /* Private windows keep nothing. */ }
      for (const other of $$("[data-shortcuts-on]")) other.checked = box.checked;
    });
  }
  let going = 0;
  const move = (step) => {
    const rows = $$("[data-row]");
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))].focus();
  };
  const plain = {
    "?": help,
    "/": () => { $("#search")?.focus(); $("#search")?.select(); },
    g: () => { going = Date.now(); },
    j: () => move(1),
    k: () => move(-1),
    n: () => $("[data-note]")?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const el of $$("[data-popover][open]")) { el.open = false; $("summary", el).focus(); }
      if (document.body.classList.contains("menu-open")) { toggleMenu(false); $("[data-menu]")?.focus(); }
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !on() || $("dialog[open]")) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], [data-keys]")) return;
    if (Date.now() - going < 1500) {
      going = 0;
      const link = $(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const deed = plain[event.key];
    if (deed) { event.preventDefault(); deed(); }
  });

  listen();
})();
