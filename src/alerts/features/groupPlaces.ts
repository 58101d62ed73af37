/** What an alert's group says of it. */
export interface GroupPlaces {
  /** Minutes since the first alert of the group began. */
  readonly sinceFirst: Float64Array;
  readonly size: Int32Array;
  /** Share of the group's alerts that have the alert's name. */
  readonly sameName: Float64Array;
  /** Share of the group's alerts that are over. */
  readonly resolved: Float64Array;
}

export interface GroupMembers {
  /** Group of each alert; a negative number for an alert on its own. */
  readonly groups: Int32Array;
  /** Number of each alert's name. */
  readonly names: Int32Array;
  /** Minutes since 1970. */
  readonly starts: Float64Array;
  readonly over: Uint8Array;
}

export function groupPlaces({ groups, names, starts, over }: GroupMembers): GroupPlaces {
  const n = groups.length;
  let count = 0;
  for (const group of groups) count = Math.max(count, group + 1);
  const first = new Float64Array(count).fill(Infinity);
  const size = new Int32Array(count);
  const resolved = new Int32Array(count);
  const named = new Map<number, number>();
  let mostNames = 1;
  for (const name of names) mostNames = Math.max(mostNames, name + 1);
  const pair = (alert: number): number => groups[alert]! * mostNames + names[alert]!;
  for (let alert = 0; alert < n; alert++) {
    const group = groups[alert]!;
    if (group < 0) continue;
    first[group] = Math.min(first[group]!, starts[alert]!);
    size[group]!++;
    resolved[group]! += over[alert]!;
    named.set(pair(alert), (named.get(pair(alert)) ?? 0) + 1);
  }
  const places: GroupPlaces = {
    sinceFirst: new Float64Array(n),
    size: new Int32Array(n).fill(1),
    sameName: new Float64Array(n).fill(1),
    resolved: Float64Array.from(over),
  };
  for (let alert = 0; alert < n; alert++) {
    const group = groups[alert]!;
    if (group < 0) continue;
    places.sinceFirst[alert] = starts[alert]! - first[group]!;
    places.size[alert] = size[group]!;
    places.sameName[alert] = named.get(pair(alert))! / size[group]!;
    places.resolved[alert] = resolved[group]! / size[group]!;
  }
  return places;
}
