// Sound from one rate to another, piece by piece: what the lower rate cannot carry is filtered out on the way.
const CROSSINGS = 16, FINENESS = 64, EDGE = 0.92;

// The half of a low-pass filter: a sinc under a Hann window, FINENESS points for each sample of the source.
const half = (cutoff, reach) => {
  const found = new Float32Array(Math.ceil(reach) * FINENESS + 2);
  for (let i = 0; i < found.length; i++) {
    const at = i / FINENESS, angle = 2 * Math.PI * cutoff * at;
    if (at < reach) found[i] = 2 * cutoff * (i ? Math.sin(angle) / angle : 1) * (0.5 + 0.5 * Math.cos((Math.PI * at) / reach));
  }
  return found;
};

export class Resampler {
  constructor(from, to) {
    const cutoff = 0.5 * EDGE * Math.min(1, to / from);
    this.reach = CROSSINGS / (2 * cutoff); // Also the delay, in samples of the source: some 2 ms at telephone rates.
    this.filter = half(cutoff, this.reach);
    this.step = from / to;
    this.kept = new Float32Array(0);
    this.at = 0; // The place of the next sample to be made, counted from the first one kept.
  }

  // Float32Array of any length; gives what can be made of it by now.
  push(samples) {
    const all = new Float32Array(this.kept.length + samples.length);
    all.set(this.kept);
    all.set(samples, this.kept.length);
    const count = Math.max(0, Math.ceil((all.length - 1 - this.reach - this.at) / this.step));
    const made = new Float32Array(count);
    for (let i = 0; i < count; i++, this.at += this.step) made[i] = this.sum(all, this.at);
    const over = Math.max(0, Math.min(all.length, Math.floor(this.at - this.reach)));
    this.kept = all.slice(over);
    this.at -= over;
    return made;
  }

  sum(all, at) {
    const last = Math.min(all.length - 1, Math.floor(at + this.reach));
    let sum = 0;
    for (let i = Math.max(0, Math.ceil(at - this.reach)); i <= last; i++) {
      const place = Math.abs(at - i) * FINENESS, whole = Math.floor(place), rest = place - whole;
      sum += all[i] * (this.filter[whole] * (1 - rest) + this.filter[whole + 1] * rest);
    }
    return sum;
  }
}
