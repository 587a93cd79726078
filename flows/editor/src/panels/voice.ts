/** Prompts spoken in the real voice: one line after another, never two at once. */

import { create } from "zustand";
import { fetchBlob } from "../api";
import { sentenceOf } from "./refusal";

interface Line {
  text: string;
  language: string;
}

interface Voice {
  /** The line that is heard now, "" for none. */
  playing: string;
  error: string;
}

/** What is being played, for buttons that show it. */
export const useVoice = create<Voice>()(() => ({ playing: "", error: "" }));

/** Sounds fetched so far, by language and text; the address lives as long as the page. */
const sounds = new Map<string, string>();
const KEPT_SOUNDS = 200;
let turn = 0;
let player: HTMLAudioElement | null = null;

/** The key of a line among what is playing. */
export function keyOf(line: Line): string {
  return `${line.language} ${line.text}`;
}

/** Play lines one after another; what was playing stops. Refusals are shown, not thrown. */
export async function playLines(flow: string, lines: readonly Line[]): Promise<void> {
  stopPlaying();
  const mine = turn;
  try {
    for (const line of lines) {
      const address = await soundOf(flow, line);
      if (turn !== mine) return;
      useVoice.setState({ playing: keyOf(line) });
      await heardOut(address, mine);
      if (turn !== mine) return;
    }
    useVoice.setState({ playing: "" });
  } catch (error) {
    if (turn === mine) useVoice.setState({ playing: "", error: sentenceOf(error) });
  }
}

/** Silence, at once. */
export function stopPlaying(): void {
  turn += 1;
  player?.pause();
  useVoice.setState({ playing: "", error: "" });
}

async function soundOf(flow: string, line: Line): Promise<string> {
  const key = keyOf(line);
  const known = sounds.get(key);
  if (known) return known;
  const address = URL.createObjectURL(await fetchBlob(`/${flow}/sound`, { text: line.text, language: line.language }));
  const oldest = sounds.keys().next().value;
  if (sounds.size >= KEPT_SOUNDS && oldest !== undefined) {
    URL.revokeObjectURL(sounds.get(oldest) ?? "");
    sounds.delete(oldest);
  }
  sounds.set(key, address);
  return address;
}

function heardOut(address: string, mine: number): Promise<void> {
  player ??= new Audio();
  const sound = player;
  sound.src = address;
  return new Promise((resolve, reject) => {
    sound.onended = () => resolve();
    sound.onpause = () => {
      if (turn !== mine) resolve();
    };
    sound.onerror = () => reject(new Error(sound.error?.message || "audio"));
    sound.play().catch((error: unknown) => (turn === mine ? reject(error) : resolve()));
  });
}
