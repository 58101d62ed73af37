import { largestShare } from '../../../learn/score';
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
 * alarms; the rows that nobody judged can, but may not make up for verdicts. So each limit holds for both. The few alarms
 * that people judged refuse a model when they show it below the precision, not when chance alone may have put it there.
 * @param comparison 'not comparable' when the champion takes other features; undefined without a champion
 */
export function gateChecks(
  figures: HeldOutFigures | undefined,
  limits: GateLimits,
  comparison: ChampionComparison | 'not comparable' | 'too few' | undefined,
): GateCheck[] {
  const checks = [
    least('f1', figures, limits.f1, 'known'),
    least('f1', figures, limits.f1, 'reviewed'),
    least('precision', figures, limits.precision, 'known'),
    preciseToPeople(figures, limits.precision),
  ];
  return comparison === undefined ? checks : [...checks, notWorse(comparison, figures)];
}

function least(
  name: 'f1' | 'precision',
  figures: HeldOutFigures | undefined,
  limit: number,
  over: 'known' | 'reviewed',
): GateCheck {
  const check = over === 'known' ? name : `${name} of reviewed rows`;
  if (!figures) return tooFewEvents(check, limit);
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

function preciseToPeople(figures: HeldOutFigures | undefined, limit: number): GateCheck {
  const name = 'precision of reviewed rows';
  if (!figures) return tooFewEvents(name, limit);
  const { alarms, rightAlarms, precision } = figures.reviewed;
  const atMost = largestShare(rightAlarms, alarms);
  return {
    name,
    value: precision,
    limit,
    passed: rightAlarms > 0 && atMost > limit,
    reason:
      `people agreed with ${rightAlarms} of ${alarms} alarms of the held-out time: precision ${precision.toFixed(3)}, ` +
      `surely not above ${atMost.toFixed(3)}; more than ${limit} has to be possible`,
  };
}

function tooFewEvents(name: string, limit: number): GateCheck {
  const reason = `people have seen anomalies in fewer than ${leastEvents} hours of the held-out time: review more of it`;
  return { name, value: null, limit, passed: false, reason };
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
