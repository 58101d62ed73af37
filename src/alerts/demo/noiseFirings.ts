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
const meanFurtherFirings = 14;
/** Then somebody silences it. */
const mostFurtherFirings = 25;
const meanGapMinutes = 3.5;
const longestGapMinutes = 11;
/** Share of a gap in which the alert lasts. */
const firingShare = 0.6;
const pauseMinutes = 30;
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
  const draw = (): number => {
    let left = random.next() * total;
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    return at === -1 ? sources.length - 1 : at;
  };
  const spells = sources.map((): number[][] => []);
  for (let alerts = 0; alerts < plan.alerts;) {
    const size =
      random.next() < lonelyShare
        ? 1
        : 2 + Math.floor(Math.min(mostFurtherFirings, exponential(meanFurtherFirings, random)));
    const gaps = Array.from({ length: Math.min(size, plan.alerts - alerts) }, () =>
      Math.min(longestGapMinutes, 0.5 + exponential(meanGapMinutes, random)),
    );
    spells[draw()]!.push(gaps);
    alerts += gaps.length;
  }
  let label = plan.firstLabel;
  return sources.flatMap((source, number) =>
    spread(spells[number]!, plan.minutes, random).flatMap(({ minute: begin, gaps }) => {
      let minute = begin;
      const own = label++;
      return gaps.map((gap): Firing => {
        const firing = { ...source, minute, endMinute: minute + gap * firingShare, label: own, again: null };
        minute += gap;
        return firing;
      });
    }),
  );
}

/** Spells of one condition at random times, with a pause between them: without one, two would be one. */
function spread(
  spells: readonly (readonly number[])[],
  minutes: number,
  random: Random,
): { readonly minute: number; readonly gaps: readonly number[] }[] {
  const busy = spells.flat().reduce((sum, gap) => sum + gap, 0) + spells.length * pauseMinutes;
  const free = Math.max(0, minutes - busy);
  const offsets = spells.map(() => random.next() * free).sort((a, b) => a - b);
  let taken = 0;
  return spells.map((gaps, index) => {
    const minute = offsets[index]! + taken;
    taken += gaps.reduce((sum, gap) => sum + gap, 0) + pauseMinutes;
    return { minute, gaps };
  });
}
