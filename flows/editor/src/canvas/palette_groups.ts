/** The node types as the palette offers them: in groups, filtered by what is typed. */

import type { NodeType, Types } from "../model/types";
import { inLanguage } from "../words";

export interface PaletteGroup {
  readonly key: string;
  readonly title: string;
  readonly types: readonly NodeType[];
}

/** Groups that have a type with all the words of the query in its title, key or summary. */
export function paletteGroups(types: Types, query: string): readonly PaletteGroup[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (type: NodeType) => {
    const text = [type.type, ...Object.values(type.title), ...Object.values(type.summary)]
      .join(" ")
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  };
  const named = types.groups.map(({ key, title }) => ({ key, title: inLanguage(title) }));
  const known = new Set(named.map(({ key }) => key));
  const strangers = [...new Set(types.types.map((type) => type.group))].filter((key) => !known.has(key));
  return [...named, ...strangers.map((key) => ({ key, title: key }))]
    .map((group) => ({ ...group, types: types.types.filter((type) => type.group === group.key && fits(type)) }))
    .filter((group) => group.types.length > 0);
}
