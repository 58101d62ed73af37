import { scoredInstanceColumns, type InstanceOperations } from '../instanceOperations';
import type { TableNames } from '../tableNames';
import type { DuckDbFile } from './file';
import { selectRows } from './query';

export function instanceOperations(database: DuckDbFile, names: TableNames): InstanceOperations {
  return {
    async scoredInstances({ from, limit }, signal) {
      return database.read('listing scored instances', signal, (session) =>
        selectRows(
          session,
          `WITH scored AS (
             SELECT s.instance, s."at", s.model, s.model_version, s.score, s.label, s.threshold, s.scored_at
             FROM ${names.anomaly_scores} s WHERE s."at" >= $from_time AND s.role <> $silent_role),
           newest AS (
             SELECT instance, "at" AS last_at, model, model_version, score, label, threshold FROM scored WHERE TRUE
             QUALIFY row_number() OVER (
               PARTITION BY instance ORDER BY "at" DESC, scored_at DESC, model, model_version) = 1),
           totals AS (
             SELECT instance, count(DISTINCT "at") AS scored_rows,
               count(DISTINCT CASE WHEN label = 1 THEN "at" END) AS alarms
             FROM scored GROUP BY instance),
           waiting AS (
             SELECT i.instance, count(*) AS open_reviews FROM ${names.review_items} i WHERE i.item_id NOT IN (
               SELECT r.item_id FROM ${names.anomaly_reviews} r WHERE r.verdict IS NOT NULL AND r.review_id NOT IN (
                 SELECT u.undoes FROM ${names.anomaly_reviews} u WHERE u.undoes IS NOT NULL))
             GROUP BY i.instance),
           known AS (SELECT instance FROM totals UNION SELECT instance FROM waiting)
           SELECT k.instance, n.last_at, n.model, n.model_version, n.score, n.label, n.threshold,
             coalesce(t.scored_rows, 0), coalesce(t.alarms, 0), coalesce(w.open_reviews, 0)
           FROM known k LEFT JOIN newest n ON n.instance = k.instance LEFT JOIN totals t ON t.instance = k.instance
             LEFT JOIN waiting w ON w.instance = k.instance
           ORDER BY coalesce(t.alarms, 0) DESC, k.instance LIMIT $row_limit`,
          { from_time: ['timestamp', from], silent_role: ['text', 'shadow'], row_limit: ['integer', limit] },
          scoredInstanceColumns,
        ),
      );
    },
  };
}
