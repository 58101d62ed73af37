import type { AlertRule } from './alertRules';

/** One firing before it becomes an alert. */
export interface Firing {
  readonly node: number;
  readonly rule: AlertRule;
  /** The instance it is about; null when it is about the service as a whole. */
  readonly instance: string | null;
  /** Minutes since the start of the history. */
  readonly minute: number;
  readonly endMinute: number;
  /** Number of the storm or of the noisy spell that it belongs to. */
  readonly label: number;
  /** Sent once more though it has not fired anew: by another system, or as a reminder while it lasts. */
  readonly again: 'relayed' | 'reminder' | null;
}

/** The same for every firing of one condition on one instance. */
export function conditionOf({ node, rule, instance }: Pick<Firing, 'node' | 'rule' | 'instance'>): string {
  return `${node}/${rule.name}/${instance ?? ''}`;
}
