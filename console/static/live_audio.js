// Live sound of a telephone call: a websocket to the simulated carrier, the microphone into it, what is heard out of it.
"use strict";
(() => {
  const MOST_WAITING = 16000; // Two seconds; sound that a slow line cannot take is left out, never sent late.

  class LiveAudio {
    // `told` has functions: level(0 to 1), sounding(on), latency(ms), microphoneGone(), closed().
    constructor(worklet, told) {
      this.worklet = worklet;
      this.told = told;
      this.muted = false;
      this.sending = this.listening = true;
    }

    // Raises what the browser raises when sound or address cannot be had.
    async connect(url) {
      this.context = new AudioContext({ latencyHint: "interactive" });
      await this.context.audioWorklet.addModule(this.worklet);
      this.gain = this.context.createGain();
      this.mouth = new AudioWorkletNode(this.context, "ringback-mouth", { numberOfInputs: 0, outputChannelCount: [1] });
      this.mouth.port.onmessage = ({ data }) => this.told.sounding(data.sounding);
      this.mouth.connect(this.gain).connect(this.context.destination);
      this.context.resume();
      await this.dial(url);
    }

    dial(url) {
      const socket = new WebSocket(url);
      this.socket = socket;
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => (typeof data === "string" ? this.obey(data) : this.listening && this.mouth.port.postMessage(data, [data]));
      return new Promise((done, refuse) => {
        socket.onopen = () => { socket.onclose = () => this.lost(); done(); };
        socket.onclose = () => refuse(new Error("closed"));
      });
    }

    obey(text) {
      let told;
      try { told = JSON.parse(text); } catch { return; }
      if (told.kind === "clear") this.clear();
      else if (told.kind === "latency" && Number.isFinite(told.ms)) this.told.latency(told.ms);
    }

    clear() { this.mouth.port.postMessage("clear"); }

    // Raises a DOMException by whose name the page says what is wrong.
    async talk() {
      this.context.resume();
      const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
      if (this.over) { stream.getTracks().forEach((track) => track.stop()); return; }
      this.stream = stream;
      stream.getAudioTracks()[0].onended = () => { this.hush(); this.told.microphoneGone(); };
      this.ear = new AudioWorkletNode(this.context, "ringback-ear", { numberOfOutputs: 0 });
      this.ear.port.onmessage = ({ data }) => this.hear(data);
      this.source = this.context.createMediaStreamSource(stream);
      this.source.connect(this.ear);
    }

    hear({ bytes, level }) {
      this.told.level(this.muted ? 0 : level);
      if (this.muted || !this.sending || this.socket.readyState !== WebSocket.OPEN) return;
      if (this.socket.bufferedAmount < MOST_WAITING) this.socket.send(bytes);
    }

    get isTalking() { return Boolean(this.ear); }

    // The microphone goes off, the sound stays.
    hush() {
      this.stream?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
      this.source?.disconnect();
      this.ear?.port.postMessage("end");
      this.stream = this.source = this.ear = null;
      this.told.level(0);
    }

    aloud(on) { if (this.gain) this.gain.gain.value = on ? 1 : 0; }

    lost() { if (!this.over) { this.close(); this.told.closed(); } }

    close() {
      this.over = true;
      this.hush();
      this.socket?.close();
      this.mouth?.port.postMessage("end");
      this.context?.close().catch(() => { /* It is closed already. */ });
    }
  }

  window.ringbackLiveAudio = LiveAudio;
})();
