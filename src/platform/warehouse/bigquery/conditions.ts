import type { Position } from '../../../contracts';
import { Conditions } from '../parameters';
import type { WindowQuery } from '../warehouse';

/** Rows after a position in the order (sys_created_on, number); BigQuery compares no tuples by size. */
export function afterPosition(
  conditions: Conditions,
  alias: string,
  after: Position | undefined,
): Conditions {
  if (!after) return conditions;
  return conditions.add(
    `(${alias}.sys_created_on > @after_time
      OR (${alias}.sys_created_on = @after_time AND ${alias}.number > @after_number))`,
    { after_time: ['timestamp', after.sysCreatedOn], after_number: ['text', after.number] },
  );
}

/** The half-open window of a query, its centre and its page. */
export function inWindow(alias: string, query: WindowQuery): Conditions {
  const conditions = new Conditions();
  if (query.techCenter !== undefined) {
    conditions.add(`${alias}.tech_center = @tech_center`, { tech_center: ['text', query.techCenter] });
  }
  if (query.from !== undefined) {
    conditions.add(`${alias}.sys_created_on >= @from_time`, { from_time: ['timestamp', query.from] });
  }
  if (query.to !== undefined) {
    conditions.add(`${alias}.sys_created_on < @to_time`, { to_time: ['timestamp', query.to] });
  }
  return afterPosition(conditions, alias, query.after);
}
