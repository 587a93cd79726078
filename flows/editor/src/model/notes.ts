/** Sticky notes of a document. */

import { freeName } from "./operations";
import type { FlowDocument, Note } from "./types";

export const NOTE_WIDTH = 200;
export const NOTE_HEIGHT = 120;

/** A new note at a place; also gives its id. */
export function addNote(document: FlowDocument, x: number, y: number): { document: FlowDocument; id: string } {
  const notes = document.notes ?? [];
  const id = freeName("note_1", new Set(notes.map((note) => note.id)));
  const note: Note = { id, text: "", x: Math.round(x), y: Math.round(y), width: NOTE_WIDTH, height: NOTE_HEIGHT };
  return { document: { ...document, notes: [...notes, note] }, id };
}

/** A note with some of its parts changed. */
export function changeNote(document: FlowDocument, id: string, parts: Partial<Omit<Note, "id">>): FlowDocument {
  const notes = document.notes ?? [];
  const note = notes.find((one) => one.id === id);
  if (!note) return document;
  const next: Note = { ...note, ...parts };
  if ((Object.keys(next) as (keyof Note)[]).every((key) => next[key] === note[key])) return document;
  return { ...document, notes: notes.map((one) => (one.id === id ? next : one)) };
}

/** The notes gone. */
export function removeNotes(document: FlowDocument, ids: readonly string[]): FlowDocument {
  const notes = document.notes ?? [];
  const kept = notes.filter((note) => !ids.includes(note.id));
  return kept.length === notes.length ? document : { ...document, notes: kept };
}
