// The audio thread of a live call: the microphone in telephone frames, and what the caller hears behind a jitter buffer.
import { decode, encode } from "./mulaw.js";
import { Resampler } from "./resampling.js";

const RATE = 8000, FRAME = 160;
const AHEAD_S = 0.06; // Sound waits so long before it is played, so that a late frame leaves no hole.
const MOST_S = 0.5, AFTER_MOST_S = 0.1; // After a stall the oldest sound is let go, or the call would stay late for ever.
const AUDIBLE = 0.008, TAIL_S = 0.3; // A voice pauses between words; that long it still counts as speaking.

const loudness = (samples) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / Math.max(1, samples.length));

class Ear extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, RATE);
    this.waiting = new Float32Array(0);
    this.ended = false;
    this.port.onmessage = () => { this.ended = true; };
  }

  process([input]) {
    if (this.ended) return false;
    if (!input?.length) return true;
    const fresh = this.resampler.push(input[0]), all = new Float32Array(this.waiting.length + fresh.length);
    all.set(this.waiting);
    all.set(fresh, this.waiting.length);
    let at = 0;
    for (; at + FRAME <= all.length; at += FRAME) {
      const samples = all.subarray(at, at + FRAME), bytes = encode(samples);
      this.port.postMessage({ bytes: bytes.buffer, level: loudness(samples) }, [bytes.buffer]);
    }
    this.waiting = all.slice(at);
    return true;
  }
}

class Mouth extends AudioWorkletProcessor {
  constructor() {
    super();
    this.port.onmessage = ({ data }) => { if (data === "clear") this.clear(); else if (data === "end") this.ended = true; else this.take(data); };
    this.ended = this.heard = false;
    this.quiet = 0;
    this.clear();
  }

  clear() {
    this.resampler = new Resampler(RATE, sampleRate);
    this.pieces = [];
    this.place = this.stored = this.waited = 0;
    this.playing = false;
  }

  take(data) {
    const samples = this.resampler.push(decode(new Uint8Array(data)));
    if (!samples.length) return;
    this.pieces.push(samples);
    this.stored += samples.length;
    if (this.stored <= MOST_S * sampleRate) return;
    while (this.stored > AFTER_MOST_S * sampleRate && this.pieces.length > 1) {
      this.stored -= this.pieces.shift().length - this.place;
      this.place = 0;
    }
  }

  process(_inputs, [[out, ...others]]) {
    if (this.ended) return false;
    if (!this.playing && this.stored) {
      this.waited += out.length;
      // A sound that is shorter than the buffer is played too, only later.
      this.playing = this.stored >= AHEAD_S * sampleRate || this.waited >= AHEAD_S * sampleRate;
    }
    if (this.playing) this.fill(out);
    for (const other of others) other.set(out);
    this.tell(out);
    return true;
  }

  fill(out) {
    let filled = 0;
    while (filled < out.length && this.pieces.length) {
      const piece = this.pieces[0], count = Math.min(out.length - filled, piece.length - this.place);
      out.set(piece.subarray(this.place, this.place + count), filled);
      filled += count;
      this.place += count;
      if (this.place === piece.length) { this.pieces.shift(); this.place = 0; }
    }
    this.stored -= filled;
    if (!this.pieces.length) { this.playing = false; this.waited = 0; }
  }

  tell(out) {
    this.quiet = loudness(out) > AUDIBLE ? 0 : this.quiet + out.length;
    const heard = this.quiet < TAIL_S * sampleRate && (this.heard || this.quiet === 0);
    if (heard !== this.heard) this.port.postMessage({ sounding: (this.heard = heard) });
  }
}

registerProcessor("ringback-ear", Ear);
registerProcessor("ringback-mouth", Mouth);
