import type { Alert, ServiceGraph } from '../../contracts';
import { csvPieces, type CsvColumn } from '../results/csvTable';

/** Generated alerts and their graph in the form of the files that `alerts` reads. */

const columns: readonly CsvColumn<Alert>[] = [
  ['alert_id', ({ id }) => id],
  ['alert_name', ({ name }) => name],
  ['source', ({ source }) => source],
  ['service', ({ service }) => service],
  ['resource', ({ resource }) => resource],
  ['severity', ({ severity }) => severity],
  ['status', ({ status }) => status],
  ['start_time', ({ startsAt }) => startsAt],
  ['end_time', ({ endsAt }) => endsAt],
  ['description', ({ description }) => description],
  ['labels', ({ labels }) => JSON.stringify(labels)],
  ['fingerprint', ({ fingerprint }) => fingerprint],
];

export function alertCsv(alerts: readonly Alert[]): string {
  return [...csvPieces(columns, alerts)].join('');
}

export function graphJson({ nodes, edges }: ServiceGraph): string {
  return `${JSON.stringify({ nodes, edges }, null, 1)}\n`;
}
