import type { TableNames } from '../tableNames';
import { predictionsTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { inWindow } from './conditions';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

type PredictionOperations = Pick<
  Warehouse,
  'mergePredictions' | 'predictionsOf' | 'latestPredictions' | 'predictionsBetween' | 'clusterSizesByWeek'
>;

export function predictionOperations(database: DuckDbFile, names: TableNames): PredictionOperations {
  const { columns } = predictionsTable;
  const select = `SELECT ${columnsOf(predictionsTable, 'c')} FROM ${names.clustering_predictions} c`;
  const newestFirst = 'ORDER BY c.predicted_at DESC, c.model_version DESC';

  return {
    async mergePredictions(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing predictions', signal, (session) =>
        mergeRows(session, predictionsTable, names.clustering_predictions, rows),
      );
    },

    async predictionsOf(number, signal) {
      return database.read('reading predictions', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE c.number = $number ${newestFirst}`,
          { number: ['text', number] },
          columns,
        ),
      );
    },

    async latestPredictions(numbers, signal) {
      if (numbers.length === 0) return [];
      return database.read('reading the newest predictions', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE c.number IN (SELECT unnest($numbers))
           QUALIFY row_number() OVER (PARTITION BY c.number ${newestFirst}) = 1 ORDER BY c.number`,
          { numbers: ['texts', numbers] },
          columns,
        ),
      );
    },

    async predictionsBetween(query, signal) {
      const where = inWindow('c', query).add('c.model_version = $model_version', {
        model_version: ['text', query.modelVersion],
      });
      if (query.cluster !== undefined) {
        where.add('c.predicted_cluster = $cluster', { cluster: ['integer', query.cluster] });
      }
      return database.read('reading predictions', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ORDER BY c.sys_created_on, c.number LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },

    async clusterSizesByWeek(query, signal) {
      return database.read('counting clusters by week', signal, (session) =>
        selectRows(
          session,
          // date_trunc gives the Monday, as a DATE for some inputs: the reader expects a TIMESTAMP.
          `SELECT predicted_cluster, date_trunc('week', sys_created_on)::TIMESTAMP AS week, count(*)
           FROM ${names.clustering_predictions}
           WHERE tech_center = $tech_center AND model_version = $model_version
           GROUP BY ALL ORDER BY predicted_cluster, week`,
          {
            tech_center: ['text', query.techCenter],
            model_version: ['text', query.modelVersion],
          },
          [
            { property: 'cluster', kind: 'integer' },
            { property: 'week', kind: 'timestamp' },
            { property: 'incidents', kind: 'integer' },
          ],
        ),
      );
    },
  };
}
