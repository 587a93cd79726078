/** Small line drawings on a grid of 24 by 24, as the console has them. */

const PATHS: Readonly<Record<string, string>> = {
  back: "M15 5l-7 7 7 7",
  undo: "M9 7H15a5 5 0 0 1 0 10h-5 M9 7l4-4 M9 7l4 4",
  redo: "M15 7H9a5 5 0 0 0 0 10h5 M15 7l-4-4 M15 7l-4 4",
  tidy: "M9 4h6v4H9z M4 16h6v4H4z M14 16h6v4h-6z M12 8v4 M7 16v-4h10v4",
  fit: "M4 9V4h5 M20 9V4h-5 M4 15v5h5 M20 15v5h-5",
  find: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z M15 15l5 5",
  note: "M5 4h14v10l-5 6H5z M14 20v-6h5",
  list: "M5 6h.1 M9 6h10 M5 12h.1 M9 12h10 M5 18h.1 M9 18h10",
  canvas: "M4 4h6v5H4z M14 15h6v5h-6z M7 9v3h10v3",
  help: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M9.7 9.5a2.4 2.4 0 1 1 3.3 2.2c-.7.3-1 .6-1 1.5 M12 16.2v.1",
  add: "M12 5v14 M5 12h14",
  close: "M6 6l12 12 M18 6L6 18",
  up: "M12 19V5 M6 11l6-6 6 6",
  down: "M12 5v14 M6 13l6 6 6-6",
  copy: "M9 9h11v11H9z M5 15H4V4h11v1",
  pencil: "M4 20l1-4L16 5l3 3L8 19z M14 7l3 3",
  trash: "M5 7h14 M10 7V4h4v3 M7 7l1 13h8l1-13",
  cloud: "M7 18a4 4 0 0 1-.5-8A5.5 5.5 0 0 1 17 8.6a4.7 4.7 0 0 1 0 9.4z",
  node: "M4 6h16v12H4z M4 10.5h16",
  flow: "M12 4v4 M6 20v-4h12v4 M12 8v8 M9 4h6",
  problems: "M12 4l9 16H3z M12 10v4.5 M12 17.3v.1",
  try: "M8 5l11 7-11 7z",
  tests: "M9 4h6 M10 4v6l-5 9h14l-5-9V4",
  replay: "M4 5v5h5 M4.3 10a8 8 0 1 1-.3 3.5 M12 8v4l3 2",
  heat: "M12 3c1 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3 2-4 .2 1.7 1 2.5 2 3 0-3.5-1-6 1-9.5z",
  versions: "M12 3.5l9 4.5-9 4.5-9-4.5z M3 12.5l9 4.5 9-4.5 M3 17l9 4.5 9-4.5",
  publish: "M12 16V4 M7 9l5-5 5 5 M5 20h14",
  start: "M6 20V4 M6 5h11l-2.5 3.5L17 12H6",
  more: "M6 12h.1 M12 12h.1 M18 12h.1",
  speech: "M4 5h16v11H11l-4 4v-4H4z",
};

/** What a type is drawn with when its own drawing is none. */
const OTHER = "M5 5h14v14H5z";

/** One of the editor's own drawings by name, or a node type's paths. */
export function Icon({ name, paths }: { name?: string; paths?: string | undefined }) {
  const own = name ? PATHS[name] : undefined;
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={own ?? (paths && /^[Mm]\s*-?\d/.test(paths) ? paths : OTHER)} />
    </svg>
  );
}
