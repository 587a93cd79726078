// The week of calling hours as a grid: click, drag, or arrow keys with Space. The time fields hold the truth, so that
// the page works without this script, and what is typed there is seen in the grid at once.
"use strict";
(() => {
  const root = document.querySelector("[data-week-grid]");
  if (!root) return;
  const fields = [...document.querySelectorAll("[data-day]")];
  const total = document.querySelector("[data-week-total]");
  const words = root.dataset, off = "off" in root.dataset;
  const two = (n) => String(n).padStart(2, "0");
  const clock = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

  // Text of a day to spans in minutes and back; null when it cannot be read: then the field keeps what was typed.
  const read = (text) => {
    const parts = text.normalize("NFKC").trim().replace(/\s*(-|–|—|~|to|至|到)\s*/g, "-").split(/[,;、\s]+/).filter(Boolean);
    const spans = [];
    for (const part of parts) {
      const m = /^(\d{1,2})(?:[:.h](\d{2}))?-(\d{1,2})(?:[:.h](\d{2}))?$/.exec(part);
      if (!m) return null;
      const from = Number(m[1]) * 60 + Number(m[2] ?? 0), to = Number(m[3]) * 60 + Number(m[4] ?? 0);
      if (from >= to || to > 1440 || Number(m[2] ?? 0) > 59 || Number(m[4] ?? 0) > 59) return null;
      spans.push([from, to]);
    }
    spans.sort((a, b) => a[0] - b[0]);
    return spans.reduce((all, [from, to]) => {
      const last = all[all.length - 1];
      if (last && from <= last[1]) last[1] = Math.max(last[1], to);
      else all.push([from, to]);
      return all;
    }, []);
  };
  const write = (spans) => spans.map(([a, b]) => `${clock(a)}-${clock(b)}`).join(", ");
  const days = fields.map((field) => ({ field, name: field.labels[0].textContent.trim(), spans: read(field.value) ?? [] }));

  const filled = (spans, hour) => spans.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, hour * 60 + 60) - Math.max(a, hour * 60)), 0);
  const set = (spans, hour, on) => {
    const from = hour * 60, to = from + 60;
    const kept = spans.flatMap(([a, b]) => [[a, Math.min(b, from)], [Math.max(a, to), b]].filter(([x, y]) => x < y));
    return read(write(on ? [...kept, [from, to]] : kept));
  };

  // ---- the grid itself
  const grid = document.createElement("div");
  grid.className = "week-grid";
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", words.wGrid);
  const cells = [];
  const element = (tag, className, role, text = "") => {
    const el = document.createElement(tag);
    el.className = className;
    if (role) el.setAttribute("role", role);
    el.textContent = text;
    return el;
  };
  const head = element("div", "week-row", "row");
  head.append(element("span", "week-corner", "gridcell"));
  for (let hour = 0; hour < 24; hour++) {
    const holder = element("span", "week-hour", "columnheader");
    const button = element("button", "", "", two(hour));
    button.type = "button";
    button.tabIndex = -1;
    button.disabled = off;
    button.setAttribute("aria-label", `${words.wHour}: ${clock(hour * 60)}`);
    button.addEventListener("click", () => {
      const on = !days.every((day) => filled(day.spans, hour) === 60);
      days.forEach((day) => { day.spans = set(day.spans, hour, on); });
      changed();
    });
    holder.append(button);
    head.append(holder);
  }
  grid.append(head);
  days.forEach((day, d) => {
    const row = element("div", "week-row", "row");
    const holder = element("span", "week-day", "rowheader");
    const button = element("button", "", "", day.name);
    button.type = "button";
    button.tabIndex = -1;
    button.disabled = off;
    button.title = words.wDay;
    button.addEventListener("click", () => {
      day.spans = day.spans.length ? [] : [[9 * 60, 20 * 60]];
      changed();
    });
    holder.append(button);
    row.append(holder);
    cells.push([]);
    for (let hour = 0; hour < 24; hour++) {
      const cell = element("div", "week-cell", "gridcell");
      cell.tabIndex = -1;
      cell.dataset.d = d;
      cell.dataset.h = hour;
      if (hour % 6 === 0) cell.classList.add("quarter");
      if (off) cell.setAttribute("aria-disabled", "true");
      cells[d].push(cell);
      row.append(cell);
    }
    grid.append(row);
  });

  const show = () => {
    days.forEach((day, d) => cells[d].forEach((cell, hour) => {
      const minutes = filled(day.spans, hour);
      const state = minutes === 60 ? "open" : minutes ? "part" : "closed";
      cell.dataset.state = state;
      cell.setAttribute("aria-selected", String(minutes > 0));
      cell.setAttribute("aria-label", `${day.name} ${clock(hour * 60)}, ${{ open: words.wOpen, part: words.wPart, closed: words.wClosed }[state]}`);
    }));
    const minutes = days.reduce((sum, day) => sum + day.spans.reduce((n, [a, b]) => n + b - a, 0), 0);
    if (total) total.textContent = String(Math.round(minutes / 6) / 10);
  };
  const changed = () => {
    days.forEach((day) => { day.field.value = write(day.spans); });
    show();
  };
  for (const day of days) day.field.addEventListener("input", () => {
    const spans = read(day.field.value);
    if (spans) { day.spans = spans; show(); }
  });

  // ---- painting: what the first cell becomes, all cells of the drag become
  let paint = null;
  const cellAt = (x, y) => document.elementFromPoint(x, y)?.closest?.(".week-cell");
  const mark = (cell, on) => {
    const day = days[Number(cell.dataset.d)];
    day.spans = set(day.spans, Number(cell.dataset.h), on);
  };
  const corners = (a, b) => [Math.min(a, b), Math.max(a, b)];
  const paintTo = (cell) => {
    const [d1, d2] = corners(paint.d, Number(cell.dataset.d)), [h1, h2] = corners(paint.h, Number(cell.dataset.h));
    days.forEach((day, d) => { day.spans = paint.before[d].map((span) => [...span]); });
    for (let d = d1; d <= d2; d++) for (let h = h1; h <= h2; h++) mark(cells[d][h], paint.on);
    changed();
  };
  grid.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest(".week-cell");
    if (!cell || off || event.button !== 0) return;
    focusCell(cell);
    paint = { d: Number(cell.dataset.d), h: Number(cell.dataset.h), on: cell.dataset.state !== "open", before: days.map((day) => day.spans.map((span) => [...span])) };
    // A finger may scroll the page on; only mouse and pen paint over several hours.
    if (event.pointerType === "touch") { const tapped = paint; paint = null; grid.dataset.tap = JSON.stringify([tapped.d, tapped.h]); return; }
    event.preventDefault();
    paintTo(cell);
  });
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest(".week-cell");
    if (!cell || off || !grid.dataset.tap) return;
    delete grid.dataset.tap;
    mark(cell, cell.dataset.state !== "open");
    changed();
  });
  addEventListener("pointermove", (event) => {
    if (!paint) return;
    const cell = cellAt(event.clientX, event.clientY);
    if (cell && grid.contains(cell)) paintTo(cell);
  });
  addEventListener("pointerup", () => { paint = null; });

  // ---- the keyboard: one cell is in the tab order, arrows move it
  let here = cells[0][9];
  here.tabIndex = 0;
  const focusCell = (cell) => {
    here.tabIndex = -1;
    here = cell;
    here.tabIndex = 0;
    here.focus({ preventScroll: true });
  };
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest(".week-cell");
    if (!cell) return;
    const d = Number(cell.dataset.d), h = Number(cell.dataset.h);
    // On a narrow screen days stand side by side, so arrows follow what is seen.
    const upright = getComputedStyle(grid).gridAutoFlow.startsWith("column");
    const along = upright ? { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] } : { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = along[event.key] ?? { Home: [0, -h], End: [0, 23 - h] }[event.key];
    if (step) {
      event.preventDefault();
      const next = cells[d + step[0]]?.[h + step[1]];
      if (!next) return;
      const on = cell.dataset.state === "open";
      focusCell(next);
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (event.shiftKey && !off) { mark(next, on); changed(); }
    } else if ((event.key === " " || event.key === "Enter") && !off) {
      event.preventDefault();
      mark(cell, cell.dataset.state !== "open");
      changed();
    }
  });

  // ---- whole weeks at once
  const tools = element("div", "row week-tools", "group");
  const tool = (label, deed) => {
    const button = element("button", "small", "", label);
    button.type = "button";
    button.addEventListener("click", () => { deed(); changed(); });
    tools.append(button);
  };
  if (!off) {
    tool(words.wDaily, () => days.forEach((day) => { day.spans = [[540, 1200]]; }));
    tool(words.wOffice, () => days.forEach((day, d) => { day.spans = d < 5 ? [[540, 1080]] : []; }));
    tool(words.wMorning, () => days.forEach((day) => { day.spans = set(day.spans, 12, false); }));
    tool(words.wCopy, () => days.slice(1, 5).forEach((day) => { day.spans = days[0].spans.map((span) => [...span]); }));
    tool(words.wClear, () => days.forEach((day) => { day.spans = []; }));
  }
  root.append(tools, grid);
  root.hidden = false;
  const text = document.querySelector("[data-week-text]");
  if (text && !text.querySelector("[aria-invalid]")) text.open = false;
  show();
})();
