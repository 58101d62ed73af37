import type { AlertSeverity } from '../../../contracts';

/** The colour of the page that stands for a severity. */
export const severityColor = {
  critical: '--bad',
  high: '--bad',
  warning: '--warn',
  low: '--accent',
  info: '--accent',
  unknown: '--muted',
} as const satisfies Record<AlertSeverity, string>;

export function Severity({ severity }: { severity: AlertSeverity }) {
  return <span class={`severity ${severity}`}>{severity}</span>;
}
