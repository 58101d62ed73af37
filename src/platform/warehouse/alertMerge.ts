import { combineFirings, type StoredAlert } from '../../contracts';
import type { Assignments } from './assignments';

/** `combineFirings` for what is stored already, as SQL that both engines read. */
export function alertAssignments(parameterSign: '$' | '@'): Assignments {
  const resolved = `${parameterSign}resolved`;
  const unknown = `${parameterSign}unknown`;
  const isLater = 'staged.said_at >= stored.said_at';
  const unlessNull = (column: string): string =>
    `CASE WHEN ${isLater} THEN COALESCE(staged.${column}, stored.${column})
      ELSE COALESCE(stored.${column}, staged.${column}) END`;
  const expressions: Readonly<Record<string, string>> = {
    starts_at: 'LEAST(stored.starts_at, staged.starts_at)',
    // Engines differ on the greatest of a value and nothing.
    ends_at: 'GREATEST(COALESCE(staged.ends_at, stored.ends_at), COALESCE(stored.ends_at, staged.ends_at))',
    status: `CASE WHEN stored.status = ${resolved} THEN stored.status
      WHEN staged.status = ${resolved} OR ${isLater} THEN staged.status
      ELSE stored.status END`,
    severity: `CASE WHEN stored.severity = ${unknown} OR (${isLater} AND staged.severity <> ${unknown}) THEN staged.severity
      ELSE stored.severity END`,
    service: unlessNull('service'),
    resource: unlessNull('resource'),
    said_at: 'GREATEST(stored.said_at, staged.said_at)',
    arrived_at: 'LEAST(stored.arrived_at, staged.arrived_at)',
  };
  return {
    of: (column) =>
      expressions[column] ?? `CASE WHEN ${isLater} THEN staged.${column} ELSE stored.${column} END`,
    parameters: { resolved: ['text', 'resolved'], unknown: ['text', 'unknown'] },
  };
}

/** One row for each firing: a write must say everything that its rows say together. */
export function oneForEachFiring(rows: readonly StoredAlert[]): StoredAlert[] {
  const byId = new Map<string, StoredAlert>();
  for (const row of rows) {
    const known = byId.get(row.id);
    byId.set(row.id, known === undefined ? row : combined(known, row));
  }
  return [...byId.values()];
}

function combined(a: StoredAlert, b: StoredAlert): StoredAlert {
  const [earlier, later] = a.saidAt <= b.saidAt ? [a, b] : [b, a];
  return {
    ...combineFirings(earlier, later),
    arrivedAt: a.arrivedAt < b.arrivedAt ? a.arrivedAt : b.arrivedAt,
  };
}
