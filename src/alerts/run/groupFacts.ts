import { timestampMs, type AlertSeverity, type Timestamp } from '../../contracts';
import { mostFirst } from './counting';
import { worse, type AlertGroupingResult } from './groupAlerts';
import type { AlertGroupDocument } from './groupDocument';
import type { SubgraphNode } from './groupSubgraph';

export const topNames = 8;

/** What is counted of one group while going through its alerts in the order of their starts. */
export class GroupFacts {
  severity: AlertSeverity = 'unknown';
  open = 0;
  startMs = Infinity;
  readonly names = new Map<string, number>();
  readonly roles: Record<string, number> = {};
  private readonly unmapped = new Map<string, number>();
  private readonly nodes = new Map<number, { alerts: number; severity: AlertSeverity; firstAt: Timestamp }>();
  private lastEnd = '';

  constructor(private readonly now: Timestamp) {}

  add(
    alert: AlertGroupingResult['enriched'][number]['alert'],
    node: number,
    role: AlertGroupingResult['role'][number],
  ): void {
    this.severity = worse(this.severity, alert.severity);
    this.startMs = Math.min(this.startMs, timestampMs(alert.startsAt));
    this.names.set(alert.name, (this.names.get(alert.name) ?? 0) + 1);
    this.roles[role] = (this.roles[role] ?? 0) + 1;
    if (alert.status !== 'resolved' && (alert.endsAt === null || alert.endsAt > this.now)) this.open++;
    const end = alert.endsAt ?? alert.startsAt;
    if (end > this.lastEnd) this.lastEnd = end;
    if (node < 0) {
      if (alert.service !== null)
        this.unmapped.set(alert.service, (this.unmapped.get(alert.service) ?? 0) + 1);
      return;
    }
    const known = this.nodes.get(node);
    if (known === undefined) {
      this.nodes.set(node, { alerts: 1, severity: alert.severity, firstAt: alert.startsAt });
    } else {
      known.alerts++;
      known.severity = worse(known.severity, alert.severity);
    }
  }

  endedAt(): Timestamp {
    return this.lastEnd;
  }

  alertingNodes(): SubgraphNode[] {
    return [...this.nodes]
      .map(([node, said]) => ({ node, ...said }))
      .sort((a, b) => b.alerts - a.alerts || a.node - b.node);
  }

  topServices(services: AlertGroupingResult['index']['graph']['nodes']): AlertGroupDocument['topServices'] {
    const mapped = this.alertingNodes().map(({ node, alerts }) => {
      const { id, name } = services[node]!;
      return { id, name, alerts };
    });
    const others = mostFirst(this.unmapped, topNames).map(([service, alerts]) => ({
      id: service,
      name: service,
      alerts,
    }));
    return [...mapped.slice(0, topNames), ...others].sort((a, b) => b.alerts - a.alerts).slice(0, topNames);
  }
}
