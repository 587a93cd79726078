import { useEffect, useRef, useState } from "react";
import { ApiError, fetchBlob } from "../api";
import { useEditor } from "../store";
import { t } from "../words";

type Player = { audio: HTMLAudioElement; url: string };

/** Hear a text as callers hear it: the desk says it in the flow's voice. */
export function Play({ text, language, voice }: { text: string; language: string; voice: string }) {
  const flow = useEditor((state) => state.document.name);
  const [state, setState] = useState<"" | "loading" | "playing">("");
  const [sentence, setSentence] = useState("");
  const player = useRef<Player | null>(null);
  const asked = useRef(0);

  const stop = () => {
    asked.current += 1;
    player.current?.audio.pause();
    if (player.current) URL.revokeObjectURL(player.current.url);
    player.current = null;
    setState("");
  };
  useEffect(
    () => () => {
      asked.current += 1;
      player.current?.audio.pause();
      if (player.current) URL.revokeObjectURL(player.current.url);
    },
    [],
  );
  const play = async () => {
    stop();
    const mine = asked.current;
    setSentence("");
    setState("loading");
    try {
      const sound = await fetchBlob(`/${encodeURIComponent(flow)}/sound`, { text, language, voice });
      if (asked.current !== mine) return;
      const url = URL.createObjectURL(sound);
      const audio = new Audio(url);
      player.current = { audio, url };
      audio.addEventListener("ended", stop);
      await audio.play();
      setState("playing");
    } catch (error) {
      if (asked.current !== mine) return;
      stop();
      setSentence(
        (error instanceof ApiError && error.message) || t("The sound could not be made. The text is kept as it is."),
      );
    }
  };
  const busy = state !== "";
  return (
    <>
      <button
        type="button"
        className="quiet small form-play"
        disabled={text.trim() === ""}
        aria-busy={state === "loading"}
        onClick={() => (busy ? stop() : void play())}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          {busy ? <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" /> : <path d="M4.5 2.8v10.4L13 8z" />}
        </svg>
        {state === "loading" ? t("Loading") : busy ? t("Stop") : t("Play")}
      </button>
      {sentence && (
        <p className="form-refused" role="alert">
          {sentence}
        </p>
      )}
    </>
  );
}
