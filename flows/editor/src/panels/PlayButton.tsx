import { useEditor } from "../store";
import { t } from "../words";
import { keyOf, playLines, stopPlaying, useVoice } from "./voice";

/** Plays one line in the real voice, or stops it. */
export function PlayButton({ text, language }: { text: string; language: string }) {
  const flow = useEditor((state) => state.opening.name);
  const playing = useVoice((state) => state.playing === keyOf({ text, language }));
  return (
    <button
      type="button"
      className="panel-play"
      aria-label={playing ? t("Stop") : t("Play in the real voice")}
      title={playing ? t("Stop") : t("Play in the real voice")}
      onClick={() => (playing ? stopPlaying() : void playLines(flow, [{ text, language }]))}
    >
      <span aria-hidden="true">{playing ? "■" : "▶"}</span>
    </button>
  );
}
