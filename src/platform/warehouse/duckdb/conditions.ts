import type { Position } from '../../../contracts';
import type { WindowQuery } from '../warehouse';
import type { Parameters } from './query';

/** Conditions joined by AND, with the parameters that they name. */
export class Conditions {
  private readonly parts: string[] = [];
  private readonly bound: Record<string, Parameters[string]> = {};

  add(condition: string, parameters: Parameters = {}): this {
    this.parts.push(condition);
    Object.assign(this.bound, parameters);
    return this;
  }

  get sql(): string {
    return this.parts.length === 0 ? 'TRUE' : this.parts.join(' AND ');
  }

  get parameters(): Parameters {
    return this.bound;
  }
}

/** Rows after a position in the order (sys_created_on, number). */
export function afterPosition(
  conditions: Conditions,
  alias: string,
  after: Position | undefined,
): Conditions {
  if (!after) return conditions;
  return conditions.add(`(${alias}.sys_created_on, ${alias}.number) > ($after_time, $after_number)`, {
    after_time: ['timestamp', after.sysCreatedOn],
    after_number: ['text', after.number],
  });
}

/** The half-open window of a query, its centre and its page. */
export function inWindow(alias: string, query: WindowQuery): Conditions {
  const conditions = new Conditions();
  if (query.techCenter !== undefined) {
    conditions.add(`${alias}.tech_center = $tech_center`, { tech_center: ['text', query.techCenter] });
  }
  if (query.from !== undefined) {
    conditions.add(`${alias}.sys_created_on >= $from_time`, { from_time: ['timestamp', query.from] });
  }
  if (query.to !== undefined) {
    conditions.add(`${alias}.sys_created_on < $to_time`, { to_time: ['timestamp', query.to] });
  }
  return afterPosition(conditions, alias, query.after);
}
