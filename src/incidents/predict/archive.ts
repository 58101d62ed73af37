import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ClusteringPrediction, Timestamp } from '../../contracts';
import { microsecondsOf } from '../../platform/warehouse/microseconds';
import { encodeSegment } from '../../registry';

/** Predictions as files for analysis outside the warehouse: one Parquet file per run, Snappy-compressed. */

/** `predictions/batch_predictions/{center}/{yyyy}/{mm}/{dd}/{runId}.parquet`, by the day the run started. */
export function archiveName(techCenter: string, startedAt: Timestamp, runId: string): string {
  const day = startedAt.slice(0, 10).replaceAll('-', '/');
  return `predictions/batch_predictions/${encodeSegment(techCenter)}/${day}/${runId}.parquet`;
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const moment = { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } as const;

interface Column {
  readonly name: string;
  readonly element: {
    type: 'BYTE_ARRAY' | 'INT64' | 'INT32' | 'DOUBLE';
    converted_type?: 'UTF8' | 'TIMESTAMP_MICROS';
  };
  value(row: ClusteringPrediction): string | number | bigint;
}

const columns: readonly Column[] = [
  { name: 'number', element: text, value: (row) => row.number },
  { name: 'sys_created_on', element: moment, value: (row) => microsecondsOf(row.sysCreatedOn) },
  { name: 'predicted_cluster', element: { type: 'INT32' }, value: (row) => row.predictedCluster },
  { name: 'cluster_topic', element: text, value: (row) => row.clusterTopic },
  { name: 'domain_name', element: text, value: (row) => row.domainName },
  { name: 'confidence_score', element: { type: 'DOUBLE' }, value: (row) => row.confidenceScore },
  { name: 'tech_center', element: text, value: (row) => row.techCenter },
  { name: 'model_version', element: text, value: (row) => row.modelVersion },
  { name: 'predicted_at', element: moment, value: (row) => microsecondsOf(row.predictedAt) },
];

/** @returns the bytes of a Parquet file with the columns of clustering_predictions */
export function encodePredictions(rows: readonly ClusteringPrediction[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, element }) => ({ name, ...element, repetition_type: 'REQUIRED' as const })),
      ],
      columnData: columns.map((column) => ({
        name: column.name,
        data: rows.map((row) => column.value(row)),
      })),
      createdBy: 'quarterdeck',
    }),
  );
}
