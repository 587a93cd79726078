// Mu-law, the sound of telephone lines: one byte a sample, 8000 a second. Source: ITU-T G.711 (11/88), table 2.
export const SILENCE = 0xff;
const BIAS = 33, LARGEST = 8158; // On the scale of 14 bits, as the table has it.

const linear = new Float32Array(256);
for (let code = 0; code < 256; code++) {
  const bits = ~code & 0xff, size = ((((bits & 0x0f) << 1) + BIAS) << ((bits & 0x70) >> 4)) - BIAS;
  linear[code] = (bits & 0x80 ? -size : size) / 8192;
}

// Uint8Array of n bytes to Float32Array of n samples, -1 to 1.
export const decode = (bytes) => {
  const samples = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) samples[i] = linear[bytes[i]];
  return samples;
};

const code = (sample) => {
  // The shift rounds negative samples away from zero, as the reference code of G.191 does.
  const value = Math.max(-32768, Math.min(32767, Math.round(sample * 32768))) >> 2;
  const size = Math.min(Math.abs(value), LARGEST) + BIAS, segment = 26 - Math.clz32(size);
  return ~((value < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 1)) & 0x0f)) & 0xff;
};

// Float32Array of n samples, of which those beyond -1 to 1 are cut, to Uint8Array of n bytes.
export const encode = (samples) => {
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) bytes[i] = code(samples[i]);
  return bytes;
};
