import { QuarterdeckError, toTimestamp, timestampMs, type Timestamp } from '../../../contracts';
import { checkAborted, type RunControl } from '../../../learn/run';
import { consolidate } from '../../consolidate';
import { generateStorms, type AlertRule, type GeneratedStorms } from '../../demo';
import { enrichAlerts } from '../../enrich';
import { indexGraph } from '../../graph/graphIndex';
import { rankGroups } from '../../rank';
import { scoreGrouping, type GroupingScore } from './scoreGrouping';
import type { Topology } from './topologies';

export interface StormFigures extends GroupingScore {
  readonly storms: number;
  /** Share of storms whose root is the first, or among the first three, of the causes of the group with most of it. */
  readonly rootAt1: number;
  readonly rootAt3: number;
}

export interface TopologyFigures {
  readonly topology: string;
  readonly services: number;
  readonly bySeed: readonly (StormFigures & { readonly seed: number })[];
  readonly mean: StormFigures;
}

export interface NoiseLevelFigures {
  readonly noiseShare: number;
  readonly topologies: readonly TopologyFigures[];
  /** Mean over topologies. */
  readonly mean: StormFigures;
  /** Of each figure the worst of any topology and seed. */
  readonly worst: StormFigures;
}

export interface StormEvaluation {
  readonly seeds: readonly number[];
  readonly windowMinutes: number;
  readonly noiseLevels: readonly NoiseLevelFigures[];
}

export interface StormEvaluationOptions {
  readonly seed: number;
  readonly seeds: number;
  /** Storms of each run. */
  readonly storms: number;
  readonly topologies: readonly Topology[];
  readonly rules?: readonly AlertRule[];
  /** Share of storms that begin beside another; by default that of the generator. */
  readonly concurrentShare?: number;
  readonly windowMinutes?: number;
  readonly minimumMatchScore?: number;
  readonly noiseShares?: readonly number[];
}

/** How the groups' quality is asked for: without noise, with some, with as much noise as storm. */
export const noiseLevels = [0, 0.2, 0.5] as const;
const defaultWindowMinutes = 15;
const defaultMatchScore = 2;
const afterwardsMs = 3_600_000;

/**
 * Generates storms with known roots on each topology, groups and ranks their alerts as production does, and compares.
 * @throws PARAMETER_INVALID, ABORTED.
 */
export function evaluateStorms(options: StormEvaluationOptions, run?: RunControl): StormEvaluation {
  const {
    seed,
    seeds: count,
    topologies,
    windowMinutes = defaultWindowMinutes,
    noiseShares = noiseLevels,
  } = options;
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `seeds is ${count}, expected at least 1`, {
      culprit: { option: 'seeds' },
    });
  }
  const seeds = Array.from({ length: count }, (_, index) => seed + index);
  const total = noiseShares.length * topologies.length * count;
  let done = 0;
  const levels = noiseShares.map((noiseShare): NoiseLevelFigures => {
    const figures = topologies.map(({ name, graph: graphOf }): TopologyFigures => {
      let services = 0;
      const bySeed = seeds.map((own) => {
        checkAborted(run);
        run?.onProgress?.({ stage: `${name}, ${noiseShare} noise`, done: done++, total });
        const graph = graphOf(own);
        services = graph.nodes.length;
        const generated = generateStorms({ ...generatorOptions(options), seed: own, graph, noiseShare });
        return {
          seed: own,
          ...judge(generated, windowMinutes, options.minimumMatchScore ?? defaultMatchScore),
        };
      });
      return { topology: name, services, bySeed, mean: combine(bySeed, meanOf) };
    });
    return {
      noiseShare,
      topologies: figures,
      mean: combine(
        figures.map(({ mean }) => mean),
        meanOf,
      ),
      worst: combine(
        figures.flatMap(({ bySeed }) => bySeed),
        worstOf,
      ),
    };
  });
  return { seeds, windowMinutes, noiseLevels: levels };
}

function generatorOptions({ storms, rules, concurrentShare }: StormEvaluationOptions) {
  return {
    storms,
    ...(rules === undefined ? {} : { rules }),
    ...(concurrentShare === undefined ? {} : { concurrentShare }),
  };
}

/** Groups and ranks generated alerts, and says how well. */
export function judge(generated: GeneratedStorms, windowMinutes: number, minimumScore: number): StormFigures {
  const { graph, alerts, storms } = generated;
  const index = indexGraph(graph);
  const { alerts: enriched, contextOf } = enrichAlerts(alerts, index, { minimumScore });
  const grouping = consolidate(enriched, index, { windowMinutes });
  const ranked = rankGroups({ enriched, grouping, index, contextOf, now: afterAll(alerts) });
  const causesOf = new Map(ranked.map(({ group, causes }) => [group, causes.map(({ id }) => id)]));
  const sharesOf = storms.map(() => new Map<number, number>());
  generated.labels.forEach((label, alert) => {
    const shares = sharesOf[label];
    const group = grouping.group[alert]!;
    shares?.set(group, (shares.get(group) ?? 0) + 1);
  });
  const places = storms.map(({ root }, storm) => {
    const [most] = [...sharesOf[storm]!].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return causesOf.get(most![0])?.indexOf(root) ?? -1;
  });
  const within = (first: number): number =>
    places.length === 0 ? 0 : places.filter((place) => place >= 0 && place < first).length / places.length;
  return {
    ...scoreGrouping(generated, grouping.group, grouping.groups),
    storms: storms.length,
    rootAt1: within(1),
    rootAt3: within(3),
  };
}

function afterAll(alerts: GeneratedStorms['alerts']): Timestamp {
  const last = alerts.reduce((latest, { startsAt, endsAt }) => {
    const at = endsAt ?? startsAt;
    return at > latest ? at : latest;
  }, toTimestamp(0));
  return toTimestamp(timestampMs(last) + afterwardsMs);
}

type Combine = (values: readonly number[], lowIsWorst: boolean) => number;

const meanOf: Combine = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const worstOf: Combine = (values, lowIsWorst) => (lowIsWorst ? Math.min(...values) : Math.max(...values));

function combine(figures: readonly StormFigures[], by: Combine): StormFigures {
  const of = (name: keyof StormFigures, lowIsWorst: boolean): number =>
    by(
      figures.map((one) => one[name]),
      lowIsWorst,
    );
  return {
    alerts: of('alerts', false),
    groups: of('groups', false),
    storms: of('storms', false),
    noiseReduction: of('noiseReduction', true),
    wrongMergeRate: of('wrongMergeRate', false),
    wrongMergeRateStrict: of('wrongMergeRateStrict', false),
    wrongSplitRate: of('wrongSplitRate', false),
    rootAt1: of('rootAt1', true),
    rootAt3: of('rootAt3', true),
  };
}
