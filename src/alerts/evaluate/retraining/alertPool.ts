import type { BusinessHours } from '../../../contracts';
import type { RunControl } from '../../../learn/run';
import { consolidate } from '../../consolidate';
import { generateStorms } from '../../demo';
import { enrichAlerts } from '../../enrich';
import { alertFeatures } from '../../features';
import { indexGraph } from '../../graph/graphIndex';
import type { RetrainingRow } from '../../train/retrainAlertModel';

/** Alerts with the features they would have been archived with. */
export interface AlertPool {
  readonly rows: readonly RetrainingRow[];
  readonly featureNames: readonly string[];
}

const services = 60;
const noiseShare = 0.2;
const windowMinutes = 15;
const minimumScore = 2;
const businessHours: BusinessHours = { from: 9, to: 17 };

/** Generated storms over one service graph, taken through mapping, grouping and features as a run does. */
export async function alertPool(alerts: number, seed: number, control: RunControl): Promise<AlertPool> {
  const generated = generateStorms({ seed, alerts, graph: { nodes: services }, noiseShare });
  const index = indexGraph(generated.graph);
  const { alerts: enriched } = enrichAlerts(generated.alerts, index, { minimumScore });
  const { group } = consolidate(enriched, index, { windowMinutes });
  const { names, rows } = await alertFeatures(
    { enriched, index, groups: group, timeZone: 'UTC', businessHours },
    control,
  );
  const { nodes } = index.graph;
  return {
    featureNames: names,
    rows: enriched.map(({ alert, node }, row) => ({
      alert,
      service: node < 0 ? null : nodes[node]!.id,
      features: rows.values.subarray(row * rows.d, (row + 1) * rows.d),
    })),
  };
}
