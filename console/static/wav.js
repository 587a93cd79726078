// Sound for the telephone: whatever the microphone gives, as 8 kHz, 16 bit, mono WAV.
"use strict";
(() => {
  const RATE = 8000;
  const encode = (samples) => {
    const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
    const text = (at, s) => [...s].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + samples.length * 2, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true); view.setUint32(28, RATE * 2, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    text(36, "data"); view.setUint32(40, samples.length * 2, true);
    samples.forEach((s, i) => view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, s)) * 32767, true));
    return new Blob([view], { type: "audio/wav" });
  };
  // The browser's own resampler filters what a telephone cannot carry, so that nothing folds back into the voice.
  const toTelephone = async (blob) => {
    const bytes = await blob.arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes);
    const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * RATE)), RATE);
    const source = offline.createBufferSource();
    source.buffer = decoded;
    source.connect(offline.destination);
    source.start();
    return encode((await offline.startRendering()).getChannelData(0));
  };
  // Records until stop(); `level` is told 0 to 1 some ten times a second.
  const record = async (level) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    const recorder = new MediaRecorder(stream), parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const context = new AudioContext(), analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const data = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => { analyser.getFloatTimeDomainData(data); level(Math.min(1, Math.max(...data.map(Math.abs)) * 1.5)); }, 100);
    recorder.start();
    return {
      stop: () => new Promise((done) => {
        recorder.onstop = () => {
          clearInterval(timer); level(0);
          stream.getTracks().forEach((t) => t.stop());
          context.close();
          done(toTelephone(new Blob(parts, { type: recorder.mimeType })));
        };
        recorder.stop();
      }),
    };
  };
  window.ringbackSound = { record, toTelephone, encode };
})();
