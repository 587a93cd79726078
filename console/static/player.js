// Recordings: a click on a line or a word jumps to its sound, the word being heard is marked, the wave shows where.
"use strict";
(() => {
  const $ = (selector, root) => root.querySelector(selector);
  const $$ = (selector, root) => [...root.querySelectorAll(selector)];
  const LONGEST_WAVE_S = 240;

  document.addEventListener("click", (event) => {
    const player = event.target.closest("[data-player]");
    const audio = player && $("audio", player);
    if (!audio) return;
    const seek = event.target.closest("[data-seek]");
    if (seek) { audio.currentTime = Number(seek.dataset.seek); audio.play().catch(() => {}); }
    const wave = event.target.closest("[data-wave]");
    if (wave && audio.duration) audio.currentTime = (event.offsetX / wave.clientWidth) * audio.duration;
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-speed]")) return;
    $("audio", event.target.closest("[data-player]")).playbackRate = Number(event.target.value);
  });
  document.addEventListener("timeupdate", (event) => {
    const player = event.target.closest?.("[data-player]");
    if (!player) return;
    const t = event.target.currentTime;
    for (const line of $$("li[data-start]", player)) line.classList.toggle("playing", t >= line.dataset.start && t < Math.max(line.dataset.end, Number(line.dataset.start) + 0.2));
    for (const word of $$(".word", player)) word.classList.toggle("playing", t >= word.dataset.seek && t < word.dataset.until);
    draw(player);
  }, true);

  const peaks = new WeakMap();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const draw = (player) => {
    const canvas = $("[data-wave]", player), found = peaks.get(player);
    if (!found) return;
    const audio = $("audio", player), pen = canvas.getContext("2d");
    const { width, height } = canvas, step = width / found.length;
    const played = audio.duration ? audio.currentTime / audio.duration : 0;
    pen.clearRect(0, 0, width, height);
    found.forEach((peak, i) => {
      pen.fillStyle = i / found.length < played ? colour("--accent") : colour("--edge");
      const tall = Math.max(2, peak * (height - 8));
      pen.fillRect(i * step, (height - tall) / 2, step * 0.65, tall);
    });
  };
  const load = async (player) => {
    const audio = $("audio", player), canvas = $("[data-wave]", player);
    if (!audio || !canvas || player.dataset.loaded || Number(player.dataset.duration) > LONGEST_WAVE_S) return;
    player.dataset.loaded = "yes";
    try {
      const response = await fetch(audio.currentSrc || audio.src);
      if (!response.ok) return;
      const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await response.arrayBuffer());
      const data = sound.getChannelData(0), count = 200, size = Math.max(1, Math.floor(data.length / count));
      const found = Array.from({ length: count }, (_, i) => {
        let top = 0;
        for (let k = i * size; k < Math.min(data.length, (i + 1) * size); k += 4) top = Math.max(top, Math.abs(data[k]));
        return top;
      });
      const loudest = Math.max(...found, 0.01);
      peaks.set(player, found.map((p) => p / loudest));
      canvas.hidden = false;
      draw(player);
    } catch { /* Sound that this browser cannot decode plays, or says so, without a wave. */ }
  };
  const watcher = new IntersectionObserver((seen) => seen.filter((x) => x.isIntersecting).forEach((x) => { watcher.unobserve(x.target); load(x.target); }));
  const find = (root) => $$("[data-player]", root).forEach((player) => watcher.observe(player));
  find(document);
  document.addEventListener("ringback:changed", (event) => find(event.detail));
  document.addEventListener("htmx:afterSettle", (event) => find(event.detail.elt));
})();
