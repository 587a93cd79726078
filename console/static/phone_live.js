// The browser phone's live part: talking and hearing in a stream, who speaks at the moment, and how soon one is answered.
"use strict";
(() => {
  const YOU_SPEAK = 0.02, PAUSE_MS = 400; // Loudness that counts as speech, and a pause between two words.
  const TONES = { connecting: "grey hollow", off: "grey hollow", desk: "blue", you: "green", listening: "accent hollow", muted: "amber square", keys: "grey square", cut: "red up", over: "grey square" };
  const PROBLEMS = { NotAllowedError: "pRefused", SecurityError: "pRefused", NotFoundError: "pNone", OverconstrainedError: "pNone", NotReadableError: "pBusy", AbortError: "pBusy" };
  const SHOWN = 16, SOON_MS = 800, LATE_MS = 1500, TOP_MS = 2000, BAR = 9, HIGH = 34;
  const SVG = "http://www.w3.org/2000/svg";

  const median = (list) => {
    const sorted = [...list].sort((a, b) => a - b), middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };
  const seconds = (ms) => (ms / 1000).toFixed(1);

  // A bar for each answer, the newest at the right, and a line at the time after which a caller thinks that nobody is there.
  const draw = (svg, list) => {
    const part = (name, values) => {
      const el = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(values)) el.setAttribute(key, value);
      return el;
    };
    const y = (ms) => HIGH - (Math.min(ms, TOP_MS) / TOP_MS) * (HIGH - 2);
    const shown = list.slice(-SHOWN);
    svg.setAttribute("viewBox", `0 0 ${SHOWN * BAR} ${HIGH}`);
    svg.replaceChildren(part("line", { x1: 0, x2: SHOWN * BAR, y1: y(LATE_MS), y2: y(LATE_MS), class: "limit" }));
    shown.forEach((ms, i) => {
      const x = (SHOWN - shown.length + i) * BAR + 1;
      svg.append(part("rect", { x, width: BAR - 2, y: y(ms), height: HIGH - y(ms), rx: 1, class: ms <= SOON_MS ? "soon" : ms <= LATE_MS ? "fair" : "late" }));
    });
  };

  window.ringbackPhoneLive = (root, ask) => {
    const box = root.querySelector("[data-live]"), words = box.dataset;
    const $ = (name) => box.querySelector(`[data-live-${name}]`);
    const chip = $("state"), talk = $("talk"), mute = $("mute"), meter = $("meter"), problem = $("problem");
    const aloud = root.querySelector("[data-aloud]");
    let audio = null, phone = null, inStream = false, sounding = false, spokeAt = 0, levelAt = 0, state = "", latencies = [];

    const complain = (key) => { problem.hidden = !key; problem.textContent = key ? words[key] : ""; };
    const now = () => {
      if (!phone) return "over";
      if (!inStream) return "keys";
      if (!audio) return "cut";
      if (!audio.ready) return "connecting";
      if (sounding) return "desk";
      if (!audio.isTalking) return "off";
      if (audio.muted) return "muted";
      return performance.now() - spokeAt < PAUSE_MS ? "you" : "listening";
    };
    const show = () => {
      const found = now();
      if (found !== state) {
        state = found;
        chip.className = `chip ${TONES[found]}`;
        chip.textContent = words[`s${found[0].toUpperCase()}${found.slice(1)}`];
      }
      const isTalking = Boolean(audio?.isTalking);
      talk.disabled = !audio?.ready || !inStream;
      talk.lastElementChild.textContent = isTalking ? words.wOff : words.wTalk;
      talk.classList.toggle("primary", !isTalking);
      mute.hidden = !isTalking;
      meter.parentElement.hidden = !isTalking;
    };
    setInterval(() => { if (phone && inStream) show(); }, 150);

    const level = (value) => {
      const at = performance.now(), percent = Math.min(100, Math.round(Math.sqrt(value) * 160));
      if (value > YOU_SPEAK) spokeAt = at;
      if (value && at - levelAt < 80) return;
      levelAt = at;
      meter.firstElementChild.style.width = `${percent}%`;
      meter.setAttribute("aria-valuenow", percent);
      meter.setAttribute("aria-valuetext", value > YOU_SPEAK ? words.lHeard : words.lQuiet);
    };
    const latency = (ms) => {
      latencies.push(ms);
      const half = median(latencies);
      $("answers").hidden = false;
      $("last").textContent = words.wAnswered.replace("{s}", seconds(ms));
      $("median").textContent = words.wMedian.replace("{s}", seconds(half)).replace("{n}", latencies.length);
      const svg = $("picture");
      svg.setAttribute("aria-label", `${words.wPicture} ${latencies.slice(-SHOWN).map(seconds).join(", ")}`);
      draw(svg, latencies);
    };
    const told = {
      level,
      latency,
      sounding: (on) => { sounding = on; show(); },
      microphoneGone: () => { complain("pGone"); show(); },
      closed: () => { audio = null; sounding = false; if (phone && inStream) complain("pCut"); show(); },
    };

    // The line for sound is laid while it rings, so that the first word of the greeting is heard.
    const lay = async (id) => {
      if (!window.isSecureContext) return; // There is no audio thread then, and no microphone.
      const fresh = new window.ringbackLiveAudio(words.worklet, told);
      audio = fresh;
      try {
        const { url } = await ask(`/${encodeURIComponent(id)}/audio`, { method: "POST" });
        await fresh.connect(url);
        if (audio !== fresh) return fresh.close();
        fresh.ready = true;
        fresh.sending = fresh.listening = inStream;
        fresh.aloud(aloud.checked);
      } catch {
        fresh.close();
        if (audio === fresh) audio = null;
      }
    };

    talk.addEventListener("click", async () => {
      if (!audio) return;
      if (audio.isTalking) { audio.hush(); return show(); }
      complain("");
      const current = audio;
      talk.disabled = true;
      try {
        await current.talk();
        current.muted = false;
        mute.setAttribute("aria-pressed", "false");
      } catch (error) { complain(PROBLEMS[error.name] ?? "pFailed"); }
      show();
      talk.focus();
    });
    mute.addEventListener("click", () => {
      audio.muted = !audio.muted;
      mute.setAttribute("aria-pressed", String(audio.muted));
      show();
    });
    aloud.addEventListener("change", () => audio?.aloud(aloud.checked));

    return {
      // True while what the caller hears comes as sound, so that nothing is read out beside it.
      get sounds() { return inStream && Boolean(audio); },
      ring(id) {
        phone = id; inStream = false; latencies = [];
        box.hidden = $("answers").hidden = $("heard").hidden = true;
        complain("");
        lay(id);
      },
      async began(id) {
        inStream = true;
        box.hidden = false;
        if (audio) audio.sending = audio.listening = true;
        else await lay(id);
        if (!audio && phone === id) complain(window.isSecureContext ? "pCut" : "pInsecure");
        show();
      },
      ended() {
        inStream = sounding = false;
        if (audio) { audio.sending = audio.listening = false; if (audio.ready) audio.clear(); }
        show();
      },
      // What the recogniser made of the last words, a text or null.
      heard(found) {
        $("heard").hidden = !found;
        if (found) $("heard-words").textContent = found.confidence ? `${found.text} · ${found.confidence}` : found.text;
      },
      answered(ms) { if (!audio?.ready) latency(ms); },
      over() {
        const last = audio;
        phone = audio = null;
        inStream = sounding = false;
        complain("");
        last?.close();
        show();
      },
    };
  };
})();
