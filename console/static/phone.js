// The browser phone: keys, words and sound go to the simulated carrier, what the caller hears comes back as events.
"use strict";
(() => {
  const root = document.querySelector("[data-phone]");
  if (!root) return;
  const $ = (selector) => root.querySelector(selector);
  const words = root.dataset;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const talk = $("[data-talk]"), state = $("[data-state]"), timer = $("[data-timer]"), aloud = $("[data-aloud]");
  const sayForm = $("[data-say]"), sayBox = $("#words"), recorder = $("[data-recorder]"), mic = $("[data-mic]");
  let phone = null, after = 0, began = 0, pathTimer = null, recording = null, finishing = null;

  const ask = async (path, options = {}) => {
    const response = await fetch(words.base + path, { ...options, headers: { "X-CSRFToken": token, ...options.headers } });
    const body = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(body.error || words.wFailed);
    return body;
  };
  const send = (path, body) => ask(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const live = window.ringbackPhoneLive(root, ask);
  const complain = (error) => window.ringback.tell(error.message || words.wFailed);

  // ---- what is shown
  const add = (kind, text, lang) => {
    const el = document.createElement(kind === "event" ? "p" : "div");
    el.className = kind === "event" ? "event" : `bubble ${kind}`;
    el.textContent = text;
    if (lang) el.lang = lang;
    talk.append(el);
    talk.scrollTop = talk.scrollHeight;
    return el;
  };
  const show = (name) => { state.textContent = words[name]; };
  const up = (on) => {
    for (const el of root.querySelectorAll("[data-key], [data-hangup]")) el.disabled = !on;
    sayBox.disabled = sayForm.querySelector("button").disabled = !on;
    $("[data-call]").disabled = on;
    $("#to").disabled = $("#from").disabled = on;
  };
  setInterval(() => { if (began) timer.textContent = window.ringback.length(Date.now() - began); }, 500);

  // ---- what is heard: one thing after the other, silenced by the caller's own deed
  const queue = [];
  let sounding = null;
  const hush = () => {
    queue.length = 0;
    window.speechSynthesis?.cancel();
    if (sounding?.pause) sounding.pause();
    sounding = null;
  };
  const next = () => {
    if (sounding || !queue.length) return;
    const start = queue.shift();
    sounding = start(() => { sounding = null; next(); }) || null;
  };
  const speak = (text, language, el) => {
    if (!aloud.checked || live.sounds || !window.speechSynthesis) return;
    queue.push((done) => {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = language;
      // A machine without voices never says that it has finished; then the next prompt waits only as long as this would take.
      const guard = setTimeout(finish, 2000 + text.length * 180);
      function finish() { clearTimeout(guard); el.classList.remove("now"); done(); }
      utterance.onend = utterance.onerror = finish;
      el.classList.add("now");
      speechSynthesis.speak(utterance);
      return utterance;
    });
    next();
  };
  const play = async (event, el) => {
    try {
      const response = await fetch(`${words.base}/${encodeURIComponent(phone)}/play?url=${encodeURIComponent(event.url)}`);
      if (!response.ok) return;
      const text = decodeURIComponent(response.headers.get("X-Prompt-Text") || "");
      if (text) { el.textContent = text; talk.scrollTop = talk.scrollHeight; }
      const url = URL.createObjectURL(await response.blob());
      if (!aloud.checked || live.sounds) return URL.revokeObjectURL(url);
      queue.push((done) => {
        const audio = new Audio(url);
        const finish = () => { URL.revokeObjectURL(url); el.classList.remove("now"); done(); };
        audio.onended = audio.onerror = audio.onpause = finish;
        el.classList.add("now");
        audio.play().catch(finish);
        return audio;
      });
      next();
    } catch { /* The text stays; only the sound is missing. */ }
  };

  // ---- events of the carrier
  const reactions = {
    ringing: () => show("wRinging"),
    answered: () => { show("wTalking"); began = Date.now(); },
    say: (e) => { if (e.text) speak(e.text, e.language, add("bot", e.text, e.language)); },
    play: (e) => { if (e.url) play(e, add("bot", e.text || words.wPlayed)); },
    gather: () => show("wTalking"),
    pressed: (e) => add("caller", e.digits).classList.add("keys"),
    said: (e) => add("caller", e.text),
    spoke: (e) => { add("event", words.wSpoke.replace("{s}", Math.round(e.duration_s))); if (!recording) finishAfter(e.duration_s); },
    ignored: (e) => add("event", e.reason ? `${words.wIgnored}` : words.wIgnored),
    record_start: (e) => { if (!e.beep) openRecorder(); },
    beep: () => { add("event", words.wBeep); openRecorder(); },
    record_end: (e) => { closeRecorder(); add("event", e.empty ? words.wEmpty : words.wRecorded); },
    hold: () => show("wHold"),
    hold_end: () => show("wTalking"),
    dial: () => add("event", words.wDial),
    dial_end: (e) => { if (e.DialCallStatus && e.DialCallStatus !== "completed") add("event", words.wDialend); },
    bridged: () => add("event", words.wBridged),
    voice: (e) => add("bot", e.text || e.digits || ""),
    stream: (e) => (e.state === "began" ? (hush(), live.began(phone)) : live.ended()),
    latency: (e) => live.answered(e.ms),
    hangup: () => over(),
  };
  // The call hears a sound as long as it lasts; only then does the key that ends a recording come.
  const finishAfter = (seconds) => {
    const id = phone;
    clearTimeout(finishing);
    finishing = setTimeout(() => { if (phone === id && !recorder.hidden) deed("press", { digits: "#" }); }, seconds * 1000 + 400);
  };
  const openRecorder = () => { recorder.hidden = false; show("wRecording"); mic.focus(); };
  const closeRecorder = () => { recorder.hidden = true; if (phone) show("wTalking"); };
  const over = () => {
    add("event", words.wHung);
    began = 0;
    up(false);
    closeRecorder();
    show("wOver");
    phone = null;
    live.over();
    setTimeout(() => $("[data-call]").focus(), 0);
  };
  const follow = async (id) => {
    while (phone === id) {
      try {
        const found = await ask(`/${encodeURIComponent(id)}/events?after=${after}&wait=6`);
        for (const event of found.events) {
          if (event.seq <= after) continue;
          after = event.seq;
          reactions[event.kind]?.(event);
        }
        if (found.events.length) path(id);
      } catch (error) {
        if (phone !== id) return;
        complain(error);
        over();
      }
    }
    for (const wait of [300, 1200, 3000]) setTimeout(() => path(id), wait);
  };

  // ---- the path through the flow
  const path = async (id) => {
    clearTimeout(pathTimer);
    try {
      const found = await ask(`/${encodeURIComponent(id)}/path`);
      const list = $("[data-path]");
      $("[data-nopath]").hidden = found.nodes.length > 0;
      $("[data-flow]").textContent = found.flow;
      live.heard(found.heard);
      while (list.children.length > found.nodes.length) list.lastChild.remove();
      found.nodes.forEach(({ key, label }, i) => {
        const li = list.children[i] ?? list.appendChild(document.createElement("li"));
        if (li.textContent !== label) li.textContent = label;
        li.title = key;
        li.classList.toggle("here", phone === id && i === found.nodes.length - 1);
      });
      if (found.ticket) {
        const link = $("[data-ticket] a");
        link.href = words.ticketUrl.replace(/0$/, found.ticket.number);
        link.textContent = `${found.ticket.number} ${found.ticket.subject}`;
        $("[data-ticket]").hidden = false;
      }
      if (found.call) {
        const link = $("[data-callpage] a");
        link.href = link.dataset.calls.replace(/0$/, found.call);
        $("[data-callpage]").hidden = false;
      }
    } catch { /* The path is a convenience; the next event asks again. */ }
    if (phone === id) pathTimer = setTimeout(() => path(id), 2000);
  };

  // ---- what the caller does
  const deed = (name, body) => { if (phone) { hush(); send(`/${encodeURIComponent(phone)}/${name}`, body).catch(complain); } };
  $("[data-call]").addEventListener("click", async () => {
    talk.replaceChildren();
    $("[data-path]").replaceChildren();
    $("[data-ticket]").hidden = $("[data-callpage]").hidden = true;
    after = 0; timer.textContent = "0:00";
    up(true);
    show("wRinging");
    try {
      phone = (await send("", { to: $("#to").value, from: $("#from").value })).id;
      live.ring(phone);
      follow(phone);
    } catch (error) { up(false); show("wIdle"); complain(error); }
  });
  // A caller of the country that is called, unless somebody wrote a number of their own.
  const callers = JSON.parse($("[data-callers]").dataset.callers);
  $("#to").addEventListener("change", () => {
    if (Object.values(callers).includes($("#from").value)) $("#from").value = callers[$("#to").value];
  });
  $("[data-hangup]").addEventListener("click", () => deed("hangup", {}));
  const press = (digit) => deed("press", { digits: digit });
  root.addEventListener("click", (event) => { const key = event.target.closest("[data-key]"); if (key) press(key.dataset.key); });
  document.addEventListener("keydown", (event) => {
    if (!phone || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (/^[0-9*#]$/.test(event.key)) { event.preventDefault(); press(event.key); }
  });
  sayForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = sayBox.value.trim();
    if (text) { deed("say", { text }); sayBox.value = ""; }
    sayBox.focus();
  });
  const deliver = (blob) => ask(`/${encodeURIComponent(phone)}/sound`, { method: "POST", body: blob, headers: { "Content-Type": "audio/wav" } })
    .catch(complain);
  $("#wav").addEventListener("change", (event) => {
    const file = event.target.files[0];
    if (file && phone) deliver(file);
    event.target.value = "";
  });
  mic.addEventListener("click", async () => {
    const label = mic.querySelector("span"), meter = root.querySelector(".meter > i");
    if (recording) {
      const current = recording;
      recording = null;
      label.textContent = words.wMic;
      const rest = await current.stop();
      return rest ? deliver(rest) : finishAfter(0);
    }
    try {
      recording = await window.ringbackSound.record((level) => { meter.style.width = `${Math.round(level * 100)}%`; }, deliver);
      label.textContent = words.wStop;
    } catch { window.ringback.tell(words.wNomic, "warning"); }
  });
  addEventListener("pagehide", () => {
    if (phone) fetch(`${words.base}/${encodeURIComponent(phone)}/hangup`, { method: "POST", keepalive: true, body: "{}", headers: { "X-CSRFToken": token, "Content-Type": "application/json" } });
  });
})();
