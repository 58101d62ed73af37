import type { AnomalyOperations, ScoreQuery } from '../anomalyOperations';
import { judgedColumns, outcomesOf, type JudgedScore } from '../outcomes';
import { Conditions } from '../parameters';
import { anomalyScoresTable } from '../tables';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

export function anomalyOperations(context: MergeContext): AnomalyOperations {
  const { quoted } = context.references;
  return {
    async mergeAnomalyScores(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing anomaly scores', anomalyScoresTable, rows, signal);
    },

    async anomalyScores(query, signal) {
      const where = scoresWhere(query);
      return selectRows(
        context,
        'reading anomaly scores',
        `SELECT ${columnsOf(anomalyScoresTable, 's')} FROM ${quoted.anomaly_scores} s
           WHERE ${where.sql} ORDER BY s.\`at\` DESC, s.instance, s.model, s.model_version LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        anomalyScoresTable.columns,
        signal,
      );
    },

    async scoreOutcomes(query, signal) {
      const judged = await selectRows<JudgedScore>(
        context,
        'joining scores with verdicts',
        `SELECT s.instance, s.\`at\`, s.model, s.model_version, s.role, s.unit, s.score, s.label,
             r.verdict, s.scored_at, r.reviewed_at
           FROM ${quoted.anomaly_scores} s JOIN ${quoted.anomaly_reviews} r ON r.instance = s.instance AND r.\`at\` = s.\`at\`
           WHERE s.scored_at >= @from_time AND s.scored_at < @to_time AND r.verdict IS NOT NULL
             AND r.review_id NOT IN (SELECT u.undoes FROM ${quoted.anomaly_reviews} u WHERE u.undoes IS NOT NULL)
           QUALIFY row_number() OVER (
             PARTITION BY s.instance, s.\`at\`, s.model, s.model_version, r.reviewer
             ORDER BY r.reviewed_at DESC, r.review_id DESC) = 1
           ORDER BY r.reviewed_at, s.instance, s.\`at\`, s.model, s.model_version LIMIT @row_limit`,
        {
          from_time: ['timestamp', query.from],
          to_time: ['timestamp', query.to],
          row_limit: ['integer', query.limit],
        },
        judgedColumns,
        signal,
      );
      return outcomesOf(judged);
    },
  };
}

function scoresWhere(query: ScoreQuery): Conditions {
  const where = new Conditions();
  if (query.instance !== undefined) {
    where.add('s.instance = @instance', { instance: ['text', query.instance] });
  }
  if (query.model !== undefined) where.add('s.model = @model', { model: ['text', query.model] });
  if (query.modelVersion !== undefined) {
    where.add('s.model_version = @model_version', { model_version: ['text', query.modelVersion] });
  }
  if (query.role !== undefined) where.add('s.role = @role', { role: ['text', query.role] });
  if (query.from !== undefined) {
    where.add('s.`at` >= @from_time', { from_time: ['timestamp', query.from] });
  }
  if (query.to !== undefined) where.add('s.`at` < @to_time', { to_time: ['timestamp', query.to] });
  return where;
}
