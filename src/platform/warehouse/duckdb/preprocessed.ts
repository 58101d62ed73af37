import type { Watermark } from '../../../contracts';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import { preprocessedTable, watermarksTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { afterPosition, inWindow } from './conditions';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
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

export function preprocessedOperations(database: DuckDbFile, names: TableNames): PreprocessedOperations {
  const { columns } = preprocessedTable;
  const select = `SELECT ${columnsOf(preprocessedTable, 'p')} FROM ${names.preprocessed_incidents} p`;
  const inOrder = 'ORDER BY p.sys_created_on, p.number';

  return {
    async mergePreprocessed(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing preprocessed incidents', signal, (session) =>
        mergeRows(session, preprocessedTable, names.preprocessed_incidents, rows),
      );
    },

    async preprocessedBetween(query, signal) {
      const where = inWindow('p', query);
      return database.read('reading preprocessed incidents', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ${inOrder} LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },

    async preprocessed(numbers, signal) {
      if (numbers.length === 0) return [];
      return database.read('reading preprocessed incidents', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE p.number IN (SELECT unnest($numbers)) ${inOrder}`,
          { numbers: ['texts', numbers] },
          columns,
        ),
      );
    },

    async nearestPreprocessed(query, signal) {
      const rows = await database.read('looking for similar incidents', signal, (session) =>
        selectRows<{ number: string; techCenter: string; distance: number }>(
          session,
          // A vector without direction, or of another width, is near to nothing.
          `SELECT number, tech_center, distance FROM (
             SELECT p.number, p.tech_center,
               CASE WHEN len(p.embedding) = len($vector) AND list_inner_product(p.embedding, p.embedding) > 0
                 THEN list_cosine_distance(p.embedding, $vector) END AS distance
             FROM ${names.preprocessed_incidents} p
             WHERE p.embedding_model = $embedding_model AND p.sys_created_on < $before_time
           ) WHERE isfinite(distance) ORDER BY distance, number LIMIT $row_limit`,
          {
            vector: ['vector', query.vector],
            embedding_model: ['text', query.embeddingModel],
            before_time: ['timestamp', query.before],
            row_limit: ['integer', query.limit],
          },
          nearestColumns,
        ),
      );
      return rows.map(({ distance, ...row }) => ({ ...row, similarity: 1 - distance }));
    },

    async unpredicted(query, signal) {
      const where = new Conditions()
        .add('p.tech_center = $tech_center', { tech_center: ['text', query.techCenter] })
        .add(
          `NOT EXISTS (SELECT 1 FROM ${names.clustering_predictions} c
                       WHERE c.number = p.number AND c.model_version = $model_version)`,
          { model_version: ['text', query.modelVersion] },
        );
      if (query.from !== undefined) {
        where.add('p.sys_created_on >= $from_time', { from_time: ['timestamp', query.from] });
      }
      afterPosition(where, 'p', query.after);
      return database.read('reading incidents without a prediction', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ${inOrder} LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },

    async watermark(techCenter, signal) {
      const [row] = await database.read('reading a watermark', signal, (session) =>
        selectRows<Watermark>(
          session,
          `SELECT ${columnsOf(watermarksTable, 'w')} FROM ${names.preprocessing_watermarks} w
           WHERE w.tech_center = $tech_center`,
          { tech_center: ['text', techCenter] },
          watermarksTable.columns,
        ),
      );
      return row;
    },

    async advanceWatermark(watermark, signal) {
      await database.write('advancing a watermark', signal, (session) =>
        mergeRows(
          session,
          watermarksTable,
          names.preprocessing_watermarks,
          [watermark],
          `(staged.last_processed_timestamp, staged.last_processed_number)
             > (stored.last_processed_timestamp, stored.last_processed_number)`,
        ),
      );
    },
  };
}
