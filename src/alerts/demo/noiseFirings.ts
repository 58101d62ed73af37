import type { Random } from '../../contracts';
import { exponential, oneOf } from './drawing';
import type { Firing } from './firing';
import type { Monitoring } from './monitoring';

export interface NoisePlan {
  /** Alerts wanted. */
  readonly alerts: number;
  readonly minutes: number;
  /** Number of the first noisy spell. */
  readonly firstLabel: number;
}

/** Share of spells of a single alert; the others flap. */
const lonelyShare = 0.3;
const meanFurtherFirings = 9;
const meanGapMinutes = 3.5;
const longestGapMinutes = 11;
/** A few badly tuned rules make most of the noise: the source of rank r is drawn in proportion to 1/r. */
const sourcesPerSpell = 0.7;

/**
 * Alerts that no storm caused, in spells of one condition each. A spell is one thing to look at; a condition may have
 * several spells hours apart.
 */
export function noiseFirings(plan: NoisePlan, monitoring: readonly Monitoring[], random: Random): Firing[] {
  const meanSpell = 1 + (1 - lonelyShare) * meanFurtherFirings;
  const sources = Array.from(
    { length: Math.max(1, Math.ceil((plan.alerts / meanSpell) * sourcesPerSpell)) },
    () => {
      const node = random.integer(monitoring.length);
      const { rules, instances } = monitoring[node]!;
      return {
        node,
        rule: oneOf(rules, random),
        instance: random.next() < 0.5 ? oneOf(instances, random) : null,
      };
    },
  );
  const weights = sources.map((_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const draw = (): (typeof sources)[number] => {
    let left = random.next() * total;
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    return sources[at === -1 ? sources.length - 1 : at]!;
  };
  const firings: Firing[] = [];
  for (let label = plan.firstLabel; firings.length < plan.alerts; label++) {
    const source = draw();
    const size =
      random.next() < lonelyShare ? 1 : 2 + Math.floor(exponential(meanFurtherFirings - 0.5, random));
    let minute = random.next() * plan.minutes;
    for (let firing = 0; firing < size && firings.length < plan.alerts; firing++) {
      const gap = Math.min(longestGapMinutes, 0.5 + exponential(meanGapMinutes, random));
      firings.push({ ...source, minute, endMinute: minute + gap * 0.6, label, relayed: false });
      minute += gap;
    }
  }
  return firings;
}
