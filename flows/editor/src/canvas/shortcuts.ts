/** Which key does what. One table, for the keyboard and for the help that lists it. */

export type Deed =
  | "find"
  | "help"
  | "save"
  | "undo"
  | "redo"
  | "copy"
  | "cut"
  | "paste"
  | "duplicate"
  | "all"
  | "delete"
  | "open"
  | "escape"
  | "add"
  | "note"
  | "tidy"
  | "fit"
  | "zoom_in"
  | "zoom_out"
  | "view"
  | "rename"
  | "move_left"
  | "move_right"
  | "move_up"
  | "move_down"
  | "go_left"
  | "go_right"
  | "go_up"
  | "go_down"
  | "problem";

/** Where a key counts: everywhere, wherever no text is written, or only on the canvas and in the list. */
type Where = "everywhere" | "outside_text" | "drawing";

interface Shortcut {
  readonly deed: Deed;
  readonly keys: readonly string[];
  readonly where: Where;
  /** What it does, in English; "" when another line of the help tells it. */
  readonly told: string;
}

/** Keys are written "Mod+Shift+z": Mod is Ctrl, or Command on a Mac. */
export const SHORTCUTS: readonly Shortcut[] = [
  { deed: "help", keys: ["?"], where: "outside_text", told: "This list" },
  { deed: "find", keys: ["/", "Mod+f"], where: "outside_text", told: "Find a node by text, name or type" },
  { deed: "add", keys: ["n"], where: "outside_text", told: "Add a node" },
  { deed: "note", keys: ["m"], where: "outside_text", told: "Add a note" },
  { deed: "open", keys: ["Enter"], where: "drawing", told: "Open the form of the selected node" },
  { deed: "rename", keys: ["F2"], where: "drawing", told: "Rename the selected node" },
  { deed: "go_right", keys: ["Alt+ArrowRight"], where: "drawing", told: "" },
  { deed: "go_left", keys: ["Alt+ArrowLeft"], where: "drawing", told: "" },
  { deed: "go_up", keys: ["Alt+ArrowUp"], where: "drawing", told: "" },
  {
    deed: "go_down",
    keys: ["Alt+ArrowDown"],
    where: "drawing",
    told: "Go to the next node in a direction (Alt and an arrow; Tab goes on)",
  },
  { deed: "move_left", keys: ["ArrowLeft", "Shift+ArrowLeft"], where: "drawing", told: "" },
  { deed: "move_right", keys: ["ArrowRight", "Shift+ArrowRight"], where: "drawing", told: "" },
  { deed: "move_up", keys: ["ArrowUp", "Shift+ArrowUp"], where: "drawing", told: "" },
  {
    deed: "move_down",
    keys: ["ArrowDown", "Shift+ArrowDown"],
    where: "drawing",
    told: "Move what is selected (with Shift in large steps)",
  },
  { deed: "all", keys: ["Mod+a"], where: "drawing", told: "Select everything" },
  { deed: "copy", keys: ["Mod+c"], where: "drawing", told: "Copy" },
  { deed: "cut", keys: ["Mod+x"], where: "drawing", told: "Cut" },
  { deed: "paste", keys: ["Mod+v"], where: "drawing", told: "Paste, also from another flow" },
  { deed: "duplicate", keys: ["Mod+d"], where: "outside_text", told: "Duplicate" },
  { deed: "delete", keys: ["Delete", "Backspace"], where: "drawing", told: "Delete what is selected" },
  { deed: "undo", keys: ["Mod+z"], where: "outside_text", told: "Undo" },
  { deed: "redo", keys: ["Mod+y", "Mod+Shift+z"], where: "outside_text", told: "Redo" },
  { deed: "save", keys: ["Mod+s"], where: "everywhere", told: "Save now" },
  { deed: "problem", keys: ["F8"], where: "everywhere", told: "Go to the next problem" },
  { deed: "tidy", keys: ["l"], where: "outside_text", told: "Put in order: the selection, or all" },
  { deed: "fit", keys: ["f"], where: "outside_text", told: "Show all" },
  { deed: "zoom_in", keys: ["+", "="], where: "outside_text", told: "Zoom in" },
  { deed: "zoom_out", keys: ["-"], where: "outside_text", told: "Zoom out" },
  { deed: "view", keys: ["v"], where: "outside_text", told: "Drawing or list" },
  { deed: "escape", keys: ["Escape"], where: "outside_text", told: "Close, or select nothing" },
];

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The deed of a key, null for none. `place` is where the keyboard's focus is; without `singles` no letter or sign does
 * anything alone, for those whose voice or hand presses keys unmeant. */
export function deedOf(pressed: Pressed, place: "text" | "drawing" | "other", singles = true): Deed | null {
  const name = nameOf(pressed);
  if (!singles && name.length === 1) return null;
  const found = SHORTCUTS.find(({ keys }) => keys.includes(name));
  if (!found) return null;
  if (found.where === "everywhere") return found.deed;
  if (place === "text") return null;
  return found.where === "outside_text" || place === "drawing" ? found.deed : null;
}

function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const mod = ctrlKey || metaKey ? "Mod+" : "";
  const alt = altKey ? "Alt+" : "";
  const long = key.length > 1 || mod;
  const shift = shiftKey && long ? "Shift+" : "";
  return `${mod}${alt}${shift}${key.length === 1 ? key.toLowerCase() : key}`;
}
