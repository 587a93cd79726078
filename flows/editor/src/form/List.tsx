import { type ReactNode, useRef, useState } from "react";
import type { Schema } from "../model/types";
import { inLanguage, t } from "../words";
import { Fields } from "./Fields";
import { Fold } from "./Fold";
import { asList, asObject, asText, countBelow, dotted, moved, type Path } from "./plain";
import { emptyGroup, resolve } from "./schema";
import { useScope } from "./scope";
import { textOf } from "./spoken";

interface Props {
  path: Path;
  schema: Schema;
  value: unknown;
  title: string;
}

/** Above so many items each is folded below its name. */
const FEW = 2;

/** A list of objects: add, take out, and bring in another order by buttons or Alt with the arrow keys. */
export function ListControl({ path, schema, value, title }: Props) {
  const { readOnly, defs, problems, set } = useScope();
  const box = useRef<HTMLOListElement>(null);
  const items = asList(value);
  const item = resolve(schema.items ?? {}, defs);
  const [fresh, setFresh] = useState(-1);
  const write = (next: readonly unknown[]) => set(path, [...next]);
  /** Writes another order; each item stays as open as it was, and the one at `then` takes the keyboard. */
  const rearrange = (order: readonly number[], then: number) => {
    const open = folds(box.current).map((fold) => fold.open);
    write(order.map((index) => items[index]));
    requestAnimationFrame(() => {
      folds(box.current).forEach((fold, index) => {
        fold.open = open[order[index] ?? -1] ?? false;
      });
      folds(box.current)[then]?.querySelector("summary")?.focus();
    });
  };
  const places = items.map((_, index) => index);
  const shift = (index: number, by: number) => {
    const order = moved(places, index, by);
    if (order !== places) rearrange(order, index + by);
  };
  // A few that need a look are opened; many are counted on their lines, so that the list stays a list.
  const wrong = places.filter((index) => countBelow(problems, dotted([...path, index])) > 0);
  const full = schema.maxItems !== undefined && items.length >= schema.maxItems;
  const least = schema.minItems ?? 0;
  return (
    <div className="form-list">
      <ol ref={box}>
        {items.map((entry, index) => (
          <Item
            // Items have no name of their own that would stay while it is typed: their place is their key.
            key={index}
            path={[...path, index]}
            name={nameOf(entry)}
            detail={detailOf(entry)}
            number={index + 1}
            open={items.length <= FEW || index === fresh || (wrong.length <= FEW && wrong.includes(index))}
            buttons={
              readOnly ? null : (
                <ItemButtons
                  what={nameOf(entry) || String(index + 1)}
                  first={index === 0}
                  last={index === items.length - 1}
                  keep={items.length <= least}
                  shift={(by) => shift(index, by)}
                  remove={() =>
                    rearrange(
                      places.filter((place) => place !== index),
                      Math.max(0, index - 1),
                    )
                  }
                />
              )
            }
          >
            <Fields schema={item} path={[...path, index]} />
          </Item>
        ))}
      </ol>
      {items.length === 0 && <p className="muted small">{t("None yet.")}</p>}
      {!readOnly && (
        <button
          type="button"
          className="small"
          disabled={full}
          onClick={() => {
            write([...items, emptyGroup(item, defs)]);
            setFresh(items.length);
            requestAnimationFrame(() =>
              box.current?.lastElementChild?.querySelector<HTMLElement>("input, textarea")?.focus(),
            );
          }}
        >
          {t("Add: {what}", { what: title })}
        </button>
      )}
    </div>
  );
}

function folds(list: HTMLElement | null): HTMLDetailsElement[] {
  return [...(list?.querySelectorAll<HTMLDetailsElement>(":scope > li > details") ?? [])];
}

interface ItemProps {
  path: Path;
  name: string;
  detail: string;
  number: number;
  open: boolean;
  buttons: ReactNode;
  children: ReactNode;
}

/** One item below its name; the buttons stand beside the name, not in it, so that each can be reached by itself. */
function Item({ path, name, detail, number, open, buttons, children }: ItemProps) {
  const { problems } = useScope();
  const wrong = countBelow(problems, dotted(path));
  return (
    <li data-field={dotted(path)} className={wrong > 0 ? "has-problem" : undefined}>
      <Fold
        open={open}
        lazy
        summary={
          <summary>
            <span className="form-item-number">{number}</span>
            <strong className="form-item-name">{name || t("New")}</strong>
            {detail && <code className="form-item-detail">{detail}</code>}
            {wrong > 0 && (
              <span className="chip red square" title={t("{count} to look at", { count: wrong })}>
                <span aria-hidden="true">{wrong}</span>
                <span className="visually-hidden">{t("{count} to look at", { count: wrong })}</span>
              </span>
            )}
          </summary>
        }
      >
        {children}
      </Fold>
      {buttons}
    </li>
  );
}

interface ButtonsProps {
  what: string;
  first: boolean;
  last: boolean;
  keep: boolean;
  shift: (by: number) => void;
  remove: () => void;
}

function ItemButtons({ what, first, last, keep, shift, remove }: ButtonsProps) {
  return (
    <span
      className="form-item-buttons"
      role="toolbar"
      aria-label={t("Order of {what}", { what })}
      onKeyDown={(event) => {
        const by = event.altKey && event.key === "ArrowUp" ? -1 : event.altKey && event.key === "ArrowDown" ? 1 : 0;
        if (!by) return;
        event.preventDefault();
        shift(by);
      }}
    >
      <button
        type="button"
        className="quiet small"
        disabled={first}
        aria-label={t("Move {what} up", { what })}
        title={t("Up (Alt+↑)")}
        onClick={() => shift(-1)}
      >
        ↑
      </button>
      <button
        type="button"
        className="quiet small"
        disabled={last}
        aria-label={t("Move {what} down", { what })}
        title={t("Down (Alt+↓)")}
        onClick={() => shift(1)}
      >
        ↓
      </button>
      <button
        type="button"
        className="quiet small"
        disabled={keep}
        aria-label={t("Remove {what}", { what })}
        title={keep ? t("At least one is needed.") : t("Remove")}
        onClick={remove}
      >
        ×
      </button>
    </span>
  );
}

/** What people call an item: its label in the reader's language or another, else its name. */
function nameOf(item: unknown): string {
  const data = asObject(item);
  const texts = Object.entries(asObject(data.label)).map(([tag, spoken]) => [tag, textOf(spoken)] as const);
  const said = inLanguage(Object.fromEntries(texts.filter(([, text]) => text !== "")));
  return said || asText(data.name) || asText(data.exit) || asText(data.language) || asText(data.date);
}

/** What else tells items apart while they are folded: a key, a condition, hours. */
function detailOf(item: unknown): string {
  const { key, when, hours } = asObject(item);
  return asText(key) || asText(when) || asList(hours).join(", ");
}
