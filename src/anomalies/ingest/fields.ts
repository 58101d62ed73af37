/** Names under which senders of plain records put what we need, compared without case and signs. */

const instanceNames = [
  'instance',
  'host',
  'hostname',
  'hostid',
  'server',
  'machine',
  'node',
  'pod',
  'computer',
];
const timeNames = [
  'timestamp',
  'time',
  'at',
  'ts',
  'datetime',
  'date',
  'eventtime',
  'timegenerated',
  'minute',
];
const metricNames = ['metric', 'metricname', 'name', 'counter', 'countername'];
const valueNames = ['value', 'val', 'countervalue', 'reading'];
const unitNames = ['unit', 'units'];
const kindNames = ['kind', 'type', 'metrictype'];
const messageNames = ['message', 'msg', 'body', 'log', 'text', 'line', 'event', 'renderedmessage'];
const levelNames = ['level', 'severity', 'severitytext', 'loglevel', 'lvl', 'priority'];
const sourceNames = ['source', 'logger', 'loggername', 'program', 'service', 'app', 'application', 'file'];

export type FieldRole =
  'record' | 'instance' | 'time' | 'metric' | 'value' | 'unit' | 'kind' | 'message' | 'level' | 'source';

const spellings: Readonly<Record<FieldRole, readonly string[]>> = {
  record: ['recordid'],
  instance: instanceNames,
  time: timeNames,
  metric: metricNames,
  value: valueNames,
  unit: unitNames,
  kind: kindNames,
  message: messageNames,
  level: levelNames,
  source: sourceNames,
};

/** The first of `columns`, by the order of the spellings, that plays a role. */
export function fieldFor(role: FieldRole, columns: readonly string[]): string | undefined {
  const normal = columns.map((column) => column.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  for (const spelling of spellings[role]) {
    const index = normal.indexOf(spelling);
    if (index !== -1) return columns[index];
  }
  return undefined;
}
