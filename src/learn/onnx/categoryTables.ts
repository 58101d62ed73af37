import { addDecisionTrees } from './decisionTrees';
import type { OnnxGraphBuilder } from './onnxGraphBuilder';

/** Numbers that describe categories: one row of `described` each, and one for those that are not listed. */
export interface CategoryDescriptions {
  /** Columns whose joint value is the category. */
  readonly columns: readonly number[];
  /** Values of each of those columns, by category: whole numbers, null for a missing one. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly described: readonly (readonly number[])[];
  readonly unknown: readonly number[];
}

/** No finite float32 is below it, so only a missing value can go left. */
const belowAll = -3.4028234663852886e38;

/**
 * The description of every row's category, `n × numbers`: a search tree over the first column, in whose leaves hang
 * trees over the next. Values are whole numbers, so a category is the interval from its value to the next number.
 */
export function addCategoryTable(
  builder: OnnxGraphBuilder,
  input: string,
  table: CategoryDescriptions,
): string {
  const targets = table.unknown.length;
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const values: number[] = [];

  const add = (column: number, at: number, missing: boolean, description: readonly number[]): number => {
    threshold.push(at);
    left.push(0);
    right.push(0);
    missingLeft.push(Number(missing));
    values.push(...description);
    return feature.push(column) - 1;
  };
  const describe = (categories: readonly number[], depth: number): number => {
    if (categories.length === 0) return add(-1, 0, false, table.unknown);
    if (depth === table.columns.length) return add(-1, 0, false, table.described[categories[0]!]!);
    const own = table.values[depth]!;
    const column = table.columns[depth]!;
    const node = add(column, belowAll, true, table.unknown);
    left[node] = describe(
      categories.filter((category) => own[category] === null),
      depth + 1,
    );
    const listed = [...new Set(categories.flatMap((category) => own[category] ?? []))].sort((a, b) => a - b);
    // Where an interval begins, and what lies in it; before the first begins nothing that is listed.
    const starts: { at: number; value: number | undefined }[] = [];
    listed.forEach((value, index) => {
      starts.push({ at: value, value });
      if (listed[index + 1] !== value + 1) starts.push({ at: value + 1, value: undefined });
    });
    const search = (first: number, last: number): number => {
      if (first === last) {
        const value = starts[first - 1]?.value;
        const inside = categories.filter((category) => value !== undefined && own[category] === value);
        return describe(inside, depth + 1);
      }
      const middle = (first + last) >> 1;
      const split = add(column, starts[middle]!.at, false, table.unknown);
      left[split] = search(first, middle);
      right[split] = search(middle + 1, last);
      return split;
    };
    right[node] = search(0, starts.length);
    return node;
  };
  describe(
    table.described.map((_, category) => category),
    0,
  );
  return addDecisionTrees(builder, input, {
    treeStarts: [0, feature.length],
    feature,
    threshold: Float32Array.from(threshold),
    left,
    right,
    missingLeft,
    comparison: 'less',
    values,
    targets,
    aggregate: 'sum',
  });
}
