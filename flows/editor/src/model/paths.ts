/** Reading and changing one place in plain data without touching the rest. */

export type Path = readonly (string | number)[];

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value);
}

/** What stands at the path, undefined when nothing does. */
export function getIn(data: unknown, path: Path): unknown {
  let here = data;
  for (const key of path) {
    if (isList(here) && typeof key === "number") here = here[key];
    else if (isRecord(here)) here = here[String(key)];
    else return undefined;
  }
  return here;
}

/** A copy with the value at the path; undefined removes it. What is missing on the way is made. Parts that do not
 * change stay the same objects; when nothing changes, so does the whole. */
export function setIn(data: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === "number") return setItem(isList(data) ? data : [], key, rest, value);
  const record = isRecord(data) ? data : {};
  const next = rest.length ? setIn(record[key], rest, value) : value;
  if (next === record[key] && (next !== undefined || !(key in record))) return data === undefined ? record : data;
  if (next !== undefined) return { ...record, [key]: next };
  const { [key]: _gone, ...others } = record;
  return others;
}

function setItem(list: unknown[], place: number, rest: Path, value: unknown): unknown {
  const next = rest.length ? setIn(list[place], rest, value) : value;
  if (next === list[place] && place < list.length) return list;
  if (next === undefined) return list.filter((_item, index) => index !== place);
  const copy = list.slice();
  copy[place] = next;
  return copy;
}

/** A dotted path as problems give it ("choices.1.label.zh-CN") as keys; whole numbers become numbers. */
export function fromDotted(field: string): (string | number)[] {
  return field ? field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [];
}
