/**
 * The tables of the design, once: both engines make their DDL, their merges and their readers from these. A
 * column is the snake_case of a property of its row.
 */
export type ColumnKind =
  /** Unicode text of any length. */
  | 'text'
  /** UTC with microseconds, `Timestamp` in TypeScript. */
  | 'timestamp'
  | 'integer'
  /** 64-bit floating point. */
  | 'float'
  /** Float32Array of any width. */
  | 'vector'
  /** A flat object of numbers, stored as JSON text. */
  | 'counts'
  /** Any JSON value, stored as text. */
  | 'json';

export interface Column<Row> {
  readonly property: keyof Row & string;
  /** Column of the table: the property in snake_case. */
  readonly name: string;
  readonly kind: ColumnKind;
  readonly required: boolean;
}

export interface Table<Row> {
  readonly id: TableId;
  /** Columns that identify a row; a write replaces the row with the same key. */
  readonly key: readonly (keyof Row & string)[];
  readonly columns: readonly Column<Row>[];
  /** Timestamp whose day partitions the table, where the engine can. */
  readonly partitionBy: keyof Row & string;
  readonly clusterBy: readonly (keyof Row & string)[];
  /**
   * So many rows that an index of their keys would not fit in memory: the key is kept by the merges alone
   * (docs/decisions/0076).
   */
  readonly withoutIndex?: boolean;
}

export type TableId =
  | 'incidents'
  | 'preprocessed_incidents'
  | 'preprocessing_watermarks'
  | 'clustering_predictions'
  | 'quarantined_rows'
  | 'pipeline_runs'
  | 'metric_points'
  | 'log_events'
  | 'log_templates'
  | 'data_quality'
  | 'anomaly_scores'
  | 'review_items'
  | 'anomaly_reviews'
  | 'anomaly_explanations'
  | 'alert_consolidation'
  | 'alert_groups'
  | 'alert_clusters'
  | 'deduplicated_alerts'
  | 'alert_mapping_statistics'
  | 'alert_grouping_runs'
  | 'alert_feedback'
  | 'alerts'
  | 'maintenance_windows'
  | 'change_events';

export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Kinds<Row> = { readonly [Property in keyof Row & string]-?: ColumnKind | `${ColumnKind}?` };

export function table<Row>(
  id: TableId,
  kinds: Kinds<Row>,
  layout: Pick<Table<Row>, 'key' | 'partitionBy' | 'clusterBy' | 'withoutIndex'>,
): Table<Row> {
  const columns = (Object.entries(kinds) as [keyof Row & string, string][]).map(([property, kind]) => ({
    property,
    name: columnName(property),
    kind: kind.replace('?', '') as ColumnKind,
    required: !kind.endsWith('?'),
  }));
  return { id, columns, ...layout };
}
