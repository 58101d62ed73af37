import { predictionsTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { inWindow } from './conditions';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

type PredictionOperations = Pick<
  Warehouse,
  'mergePredictions' | 'predictionsOf' | 'latestPredictions' | 'predictionsBetween' | 'clusterSizesByWeek'
>;

export function predictionOperations(context: MergeContext): PredictionOperations {
  const { quoted } = context.references;
  const { columns } = predictionsTable;
  const select = `SELECT ${columnsOf(predictionsTable, 'c')} FROM ${quoted.clustering_predictions} c`;
  const newestFirst = 'ORDER BY c.predicted_at DESC, c.model_version DESC';

  return {
    async mergePredictions(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing predictions', predictionsTable, rows, signal);
    },

    async predictionsOf(number, signal) {
      return selectRows(
        context,
        'reading predictions',
        `${select} WHERE c.number = @number ${newestFirst}`,
        { number: ['text', number] },
        columns,
        signal,
      );
    },

    async latestPredictions(numbers, signal) {
      if (numbers.length === 0) return [];
      return selectRows(
        context,
        'reading the newest predictions',
        `${select} WHERE c.number IN UNNEST(@numbers)
           QUALIFY ROW_NUMBER() OVER (PARTITION BY c.number ${newestFirst}) = 1 ORDER BY c.number`,
        { numbers: ['texts', numbers] },
        columns,
        signal,
      );
    },

    async predictionsBetween(query, signal) {
      const where = inWindow('c', query).add('c.model_version = @model_version', {
        model_version: ['text', query.modelVersion],
      });
      if (query.cluster !== undefined) {
        where.add('c.predicted_cluster = @cluster', { cluster: ['integer', query.cluster] });
      }
      return selectRows(
        context,
        'reading predictions',
        `${select} WHERE ${where.sql} ORDER BY c.sys_created_on, c.number LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },

    async clusterSizesByWeek(query, signal) {
      return selectRows(
        context,
        'counting clusters by week',
        `SELECT c.predicted_cluster, TIMESTAMP_TRUNC(c.sys_created_on, WEEK(MONDAY)) AS week, COUNT(*) AS incidents
           FROM ${quoted.clustering_predictions} c
           WHERE c.tech_center = @tech_center AND c.model_version = @model_version
           GROUP BY c.predicted_cluster, week ORDER BY c.predicted_cluster, week`,
        {
          tech_center: ['text', query.techCenter],
          model_version: ['text', query.modelVersion],
        },
        [
          { property: 'cluster', kind: 'integer' },
          { property: 'week', kind: 'timestamp' },
          { property: 'incidents', kind: 'integer' },
        ],
        signal,
      );
    },
  };
}
