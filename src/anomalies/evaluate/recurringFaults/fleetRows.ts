import type { FeatureSet } from '../../../contracts';
import { matrix, type Matrix } from '../../../learn/matrix';
import { breathe, type RunControl } from '../../../learn/run';
import type { GeneratedFleet } from '../../demo';
import { choosePairs, computeFeatures, featureSetFor } from '../../features';

/** Rows of a fleet at regular minutes, server after server. */
export interface FleetRows {
  readonly featureSet: FeatureSet;
  readonly rows: Matrix;
  readonly instances: readonly string[];
  /** Minutes since 1970. */
  readonly minutes: Float64Array;
  readonly labels: Uint8Array;
}

/** Servers whose first half chooses the pairs of metrics. */
const serversForPairs = 8;

/** The feature set as training derives it: what is computed of each metric, and of pairs that move together. */
function fleetFeatures({ metrics, servers }: GeneratedFleet): FeatureSet {
  const firstHalves = servers.slice(0, serversForPairs).map(({ startMinute, values: { values, n, d } }) => {
    const half = Math.floor(n / 2);
    return { startMinute, values: matrix(values.subarray(0, half * d), half, d) };
  });
  return featureSetFor(metrics, choosePairs(metrics, firstHalves));
}

/** Features of every `everyMinutes`-th minute, computed from all minutes as scoring does. */
export async function fleetRows(
  fleet: GeneratedFleet,
  everyMinutes: number,
  run?: RunControl,
): Promise<FleetRows> {
  const featureSet = fleetFeatures(fleet);
  const d = featureSet.names.length;
  const perServer = fleet.servers.map(({ values }) => Math.ceil(values.n / everyMinutes));
  const total = perServer.reduce((sum, count) => sum + count, 0);
  const values = new Float32Array(total * d);
  const instances: string[] = [];
  const minutes = new Float64Array(total);
  const labels = new Uint8Array(total);
  let row = 0;
  for (const [index, server] of fleet.servers.entries()) {
    run?.onProgress?.({ stage: 'features', done: index, total: fleet.servers.length });
    await breathe(run);
    const features = computeFeatures(featureSet, { startMinute: server.startMinute, values: server.values });
    for (let minute = 0; minute < server.values.n; minute += everyMinutes) {
      values.set(features.values.subarray(minute * d, (minute + 1) * d), row * d);
      instances.push(server.instance);
      minutes[row] = server.startMinute + minute;
      labels[row] = server.labels[minute]!;
      row++;
    }
  }
  return { featureSet, rows: matrix(values, total, d), instances, minutes, labels };
}
