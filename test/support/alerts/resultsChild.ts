import { writeResults } from '../../../src/alerts/results/writeResults';
import { consolidatedAlert, groupingRun } from './groupingRows';

/** Writes the results of a run with many alerts, to be killed while it does. */
const [output, rows] = process.argv.slice(2);
const consolidated = Array.from({ length: Number(rows) }, (_, at) =>
  consolidatedAlert({ alertId: `a${at}` }),
);

void writeResults(output!, {
  run: groupingRun(),
  consolidated,
  groups: [],
  closed: [],
  clusters: [],
  deduplicated: [],
  mappingStatistics: [],
}).then(() => process.stdout.write('written\n'));
