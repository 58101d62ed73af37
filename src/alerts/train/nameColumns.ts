const nameColumn = /^name_embedding_(\d+)$/;

/**
 * Of each column the place in an embedding of names that it holds, −1 for all others: the columns that are computed again,
 * because what a name's numbers mean depends on the names that were known then.
 */
export function nameColumns(featureNames: readonly string[]): number[] {
  return featureNames.map((name) => Number(nameColumn.exec(name)?.[1] ?? 0) - 1);
}
