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
  const toTelephone = async (blob) => encode(await toSamples(blob));
  const toSamples = async (blob) => {
    const bytes = await blob.arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes);
    const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * RATE)), RATE);
    const source = offline.createBufferSource();
    source.buffer = decoded;
    source.connect(offline.destination);
    source.start();
    return (await offline.startRendering()).getChannelData(0);
  };
  // Records until stop(). `level` is told 0 to 1 some ten times a second, `part` a WAV of what is new every two seconds,
  // because a line that is silent while somebody speaks would end the recording. stop() gives the rest, or null.
  const record = async (level, part) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    const recorder = new MediaRecorder(stream), parts = [];
    let sent = 0, last = Promise.resolve();
    // A part cannot be decoded without those before it, so all is decoded and the new end of it taken.
    const fresh = async () => {
      const samples = await toSamples(new Blob(parts, { type: recorder.mimeType }));
      const rest = samples.slice(sent);
      sent = samples.length;
      return rest.length ? encode(rest) : null;
    };
    recorder.ondataavailable = (event) => {
      parts.push(event.data);
      if (recorder.state === "recording") last = last.then(fresh).then((wav) => wav && part(wav));
    };
    const context = new AudioContext(), analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const data = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => { analyser.getFloatTimeDomainData(data); level(Math.min(1, Math.max(...data.map(Math.abs)) * 1.5)); }, 100);
    recorder.start(2000);
    return {
      stop: () => new Promise((done) => {
        recorder.onstop = () => {
          clearInterval(timer); level(0);
          stream.getTracks().forEach((t) => t.stop());
          context.close();
          done(last.then(fresh));
        };
        recorder.stop();
      }),
    };
  };
  window.ringbackSound = { record, toTelephone, encode };
})();
