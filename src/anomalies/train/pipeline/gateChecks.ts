import type { GateCheck } from '../../../registry';
import {
  leastEvents,
  leastEventsToCompare,
  type Basis,
  type ChampionComparison,
  type HeldOutFigures,
} from './judgeHeldOut';

export interface GateLimits {
  readonly f1: number;
  readonly precision: number;
}

/**
 * What a model must meet before it may answer: its figures on the held-out time, over what people judged and over all
 * that is known, and not to be worse than the champion. Verdicts alone are mostly anomalies, so they cannot show false
 * alarms; the rows that nobody judged can, but may not make up for verdicts. So each limit holds for both.
 * @param comparison 'not comparable' when the champion takes other features; undefined without a champion
 */
export function gateChecks(
  figures: HeldOutFigures | undefined,
  limits: GateLimits,
  comparison: ChampionComparison | 'not comparable' | 'too few' | undefined,
): GateCheck[] {
  const checks = (['f1', 'precision'] as const).flatMap((name) => [
    least(name, figures, limits[name], 'known'),
    least(name, figures, limits[name], 'reviewed'),
  ]);
  return comparison === undefined ? checks : [...checks, notWorse(comparison, figures)];
}

function least(
  name: 'f1' | 'precision',
  figures: HeldOutFigures | undefined,
  limit: number,
  over: 'known' | 'reviewed',
): GateCheck {
  const check = over === 'known' ? name : `${name} of reviewed rows`;
  if (!figures) {
    const reason = `people have seen anomalies in fewer than ${leastEvents} hours of the held-out time: review more of it`;
    return { name: check, value: null, limit, passed: false, reason };
  }
  const value = over === 'known' ? figures[name] : figures.reviewed[name];
  const rows =
    over === 'known'
      ? `${figures.rows} known rows with ${figures.anomalies} anomalies`
      : `${figures.reviewedRows} reviewed rows with ${figures.reviewedAnomalies} anomalies`;
  return {
    name: check,
    value,
    limit,
    passed: value > limit,
    reason: `${name} ${value.toFixed(3)} over ${rows} of the held-out time, more than ${limit} is needed`,
  };
}

function notWorse(
  comparison: ChampionComparison | 'not comparable' | 'too few',
  figures: Basis | undefined,
): GateCheck {
  const check = { name: 'not worse than the champion', limit: 0 };
  if (comparison === 'not comparable') {
    const reason =
      'the champion takes other features: only requests can compare them, so this one becomes challenger';
    return { ...check, value: null, passed: true, reason };
  }
  if (comparison === 'too few') {
    const reason = `people have seen anomalies in fewer than ${leastEventsToCompare} hours of the held-out time: too few to hold it against the champion, review more of it`;
    return { ...check, value: null, passed: false, reason };
  }
  const { difference, lower, upper } = comparison;
  const behind = figures
    ? `, over ${figures.reviewedAnomalies} reviewed anomalies of ${figures.reviewedEvents} hours`
    : '';
  return {
    ...check,
    value: difference,
    passed: upper >= 0,
    reason: `AUC-PR differs from the champion's by ${difference.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})${behind}`,
  };
}
