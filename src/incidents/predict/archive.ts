import { parquetWriteBuffer } from 'hyparquet-writer';
import { timestampMs, type ClusteringPrediction, type Timestamp } from '../../contracts';
import { centerSegment } from '../model/scope';

/** Predictions as files for analysis outside the warehouse: one Parquet file per run, Snappy-compressed. */

/** `predictions/batch_predictions/{center}/{yyyy}/{mm}/{dd}/{runId}.parquet`, by the day the run started. */
export function archiveName(techCenter: string, startedAt: Timestamp, runId: string): string {
  const day = startedAt.slice(0, 10).replaceAll('-', '/');
  return `predictions/batch_predictions/${centerSegment(techCenter)}/${day}/${runId}.parquet`;
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
const moment = { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'REQUIRED' } as const;

/** @returns the bytes of a Parquet file with the columns of clustering_predictions */
export function encodePredictions(rows: readonly ClusteringPrediction[]): Uint8Array {
  const columns = [
    { name: 'number', ...text, data: rows.map((row) => row.number) },
    { name: 'sys_created_on', ...moment, data: rows.map((row) => microseconds(row.sysCreatedOn)) },
    {
      name: 'predicted_cluster',
      type: 'INT32',
      repetition_type: 'REQUIRED',
      data: rows.map((row) => row.predictedCluster),
    },
    { name: 'cluster_topic', ...text, data: rows.map((row) => row.clusterTopic) },
    { name: 'domain_name', ...text, data: rows.map((row) => row.domainName) },
    {
      name: 'confidence_score',
      type: 'DOUBLE',
      repetition_type: 'REQUIRED',
      data: rows.map((row) => row.confidenceScore),
    },
    { name: 'tech_center', ...text, data: rows.map((row) => row.techCenter) },
    { name: 'model_version', ...text, data: rows.map((row) => row.modelVersion) },
    { name: 'predicted_at', ...moment, data: rows.map((row) => microseconds(row.predictedAt)) },
  ] as const;
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ data: _, ...element }) => element),
      ],
      columnData: columns.map(({ name, data }) => ({ name, data })),
      createdBy: 'quarterdeck',
    }),
  );
}

/** Microseconds since 1970: what Parquet stores, and all that a timestamp here holds. */
function microseconds(timestamp: Timestamp): bigint {
  return BigInt(timestampMs(timestamp)) * 1000n + BigInt(timestamp.slice(23, 26));
}
