import type { Random } from '../../contracts';
import type { AlertRule } from './alertRules';
import { between, exponential, someOf } from './drawing';
import type { Firing } from './firing';
import type { Monitoring } from './monitoring';
import type { Affected } from './spreadFault';

export interface Imperfections {
  /** Share of firings that never arrive. */
  readonly missingShare: number;
  /** Share of alerts that arrive twice, the second time from another system. */
  readonly duplicateShare: number;
  /** Share of conditions that clear and fire again during a storm. */
  readonly flappingShare: number;
  /** Share of conditions that are sent again every few minutes while they last. */
  readonly reminderShare: number;
}

/** Most minutes that a rule waits in the generator, whatever its text says: longer ones would miss the storm. */
const longestHoldMinutes = 5;
const scrapeMinutes = 0.5;
const instanceRuleShare = 0.5;
const instanceHitShare = 0.7;
const mostMoreRules = 3;
const mostFlaps = 5;
const flapMinutes = 3.5;
const longestFlapMinutes = 10;
const reminderMinutes = 5;

/** The alerts of one storm: every affected node complains in its own words, on some of its instances, some repeatedly. */
export function stormFirings(
  affected: readonly Affected[],
  monitoring: readonly Monitoring[],
  label: number,
  imperfections: Imperfections,
  random: Random,
): Firing[] {
  const firings: Firing[] = [];
  for (const [index, { node, minute, intensity }] of affected.entries()) {
    const watch = monitoring[node]!;
    if (watch.blind) continue;
    const heal = minute + between(8, 35, random);
    const count = (index === 0 ? 2 : 1) + someMore(intensity, random);
    for (const rule of someOf(watch.rules, count, random)) {
      const aboutInstances = random.next() < instanceRuleShare;
      const instances = aboutInstances ? watch.instances : [null];
      for (const instance of instances) {
        if (aboutInstances && random.next() >= instanceHitShare) continue;
        const begin =
          minute + Math.min(longestHoldMinutes, rule.holdMinutes) + exponential(scrapeMinutes, random);
        firings.push(...condition({ node, rule, instance, label }, begin, heal, imperfections, random));
      }
    }
  }
  return firings;
}

/** A harder hit shows in more ways. */
function someMore(intensity: number, random: Random): number {
  let more = 0;
  for (let chance = intensity; more < mostMoreRules && random.next() < chance; chance *= 0.7) more++;
  return more;
}

function condition(
  what: {
    readonly node: number;
    readonly rule: AlertRule;
    readonly instance: string | null;
    readonly label: number;
  },
  begin: number,
  heal: number,
  { missingShare, duplicateShare, flappingShare, reminderShare }: Imperfections,
  random: Random,
): Firing[] {
  const times = random.next() < flappingShare ? 2 + random.integer(mostFlaps) : 1;
  const reminds = random.next() < reminderShare;
  const firings: Firing[] = [];
  let minute = begin;
  for (let time = 0; time < times; time++) {
    const next = minute + Math.min(longestFlapMinutes, 1 + exponential(flapMinutes, random));
    const endMinute =
      time === times - 1 ? Math.max(minute + 1, heal) : minute + (next - minute) * between(0.3, 0.9, random);
    if (random.next() >= missingShare) {
      firings.push({ ...what, minute, endMinute, again: null });
      if (reminds) firings.push(...reminders({ ...what, minute, endMinute, again: 'reminder' }));
      if (random.next() < duplicateShare) {
        const told = minute + random.next();
        firings.push({ ...what, minute: told, endMinute: Math.max(told, endMinute), again: 'relayed' });
      }
    }
    minute = next;
  }
  return firings;
}

function reminders(first: Firing): Firing[] {
  const count = Math.max(0, Math.ceil((first.endMinute - first.minute) / reminderMinutes) - 1);
  return Array.from({ length: count }, (_, index) => ({
    ...first,
    minute: first.minute + (index + 1) * reminderMinutes,
  }));
}
