import type { Watermark } from '../../../contracts';
import { Conditions } from '../parameters';
import { preprocessedTable, watermarksTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { afterPosition, inWindow } from './conditions';
import { mergeRow, mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

type PreprocessedOperations = Pick<
  Warehouse,
  | 'mergePreprocessed'
  | 'preprocessedBetween'
  | 'preprocessed'
  | 'nearestPreprocessed'
  | 'unpredicted'
  | 'watermark'
  | 'advanceWatermark'
>;

const nearestColumns = [
  { property: 'number', kind: 'text' },
  { property: 'techCenter', kind: 'text' },
  { property: 'distance', kind: 'float' },
] as const;

export function preprocessedOperations(context: MergeContext): PreprocessedOperations {
  const { quoted } = context.references;
  const { columns } = preprocessedTable;
  const select = `SELECT ${columnsOf(preprocessedTable, 'p')} FROM ${quoted.preprocessed_incidents} p`;
  const inOrder = 'ORDER BY p.sys_created_on, p.number';

  return {
    async mergePreprocessed(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing preprocessed incidents', preprocessedTable, rows, signal);
    },

    async preprocessedBetween(query, signal) {
      const where = inWindow('p', query);
      return selectRows(
        context,
        'reading preprocessed incidents',
        `${select} WHERE ${where.sql} ${inOrder} LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },

    async preprocessed(numbers, signal) {
      if (numbers.length === 0) return [];
      return selectRows(
        context,
        'reading preprocessed incidents',
        `${select} WHERE p.number IN UNNEST(@numbers) ${inOrder}`,
        { numbers: ['texts', numbers] },
        columns,
        signal,
      );
    },

    async nearestPreprocessed(query, signal) {
      const rows = await selectRows<{ number: string; techCenter: string; distance: number }>(
        context,
        'looking for similar incidents',
        // SAFE: a vector without direction, or of another width, is near to nothing instead of an error.
        `SELECT number, tech_center, distance FROM (
             SELECT p.number AS number, p.tech_center AS tech_center,
               SAFE.COSINE_DISTANCE(p.embedding, @vector) AS distance
             FROM ${quoted.preprocessed_incidents} p
             WHERE p.embedding_model = @embedding_model AND p.sys_created_on < @before_time
           ) WHERE distance IS NOT NULL ORDER BY distance, number LIMIT @row_limit`,
        {
          vector: ['vector', query.vector],
          embedding_model: ['text', query.embeddingModel],
          before_time: ['timestamp', query.before],
          row_limit: ['integer', query.limit],
        },
        nearestColumns,
        signal,
      );
      return rows.map(({ distance, ...row }) => ({ ...row, similarity: 1 - distance }));
    },

    async unpredicted(query, signal) {
      const where = new Conditions()
        .add('p.tech_center = @tech_center', { tech_center: ['text', query.techCenter] })
        .add(
          `NOT EXISTS (SELECT 1 FROM ${quoted.clustering_predictions} c
                       WHERE c.number = p.number AND c.model_version = @model_version)`,
          { model_version: ['text', query.modelVersion] },
        );
      if (query.from !== undefined) {
        where.add('p.sys_created_on >= @from_time', { from_time: ['timestamp', query.from] });
      }
      afterPosition(where, 'p', query.after);
      return selectRows(
        context,
        'reading incidents without a prediction',
        `${select} WHERE ${where.sql} ${inOrder} LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },

    async watermark(techCenter, signal) {
      const [row] = await selectRows<Watermark>(
        context,
        'reading a watermark',
        `SELECT ${columnsOf(watermarksTable, 'w')} FROM ${quoted.preprocessing_watermarks} w
           WHERE w.tech_center = @tech_center`,
        { tech_center: ['text', techCenter] },
        watermarksTable.columns,
        signal,
      );
      return row;
    },

    async advanceWatermark(watermark, signal) {
      await mergeRow(
        context,
        'advancing a watermark',
        watermarksTable,
        watermark,
        signal,
        `staged.last_processed_timestamp > stored.last_processed_timestamp
         OR (staged.last_processed_timestamp = stored.last_processed_timestamp
             AND staged.last_processed_number > stored.last_processed_number)`,
      );
    },
  };
}
