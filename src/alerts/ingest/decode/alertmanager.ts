import { z } from 'zod';
import type { AlertCandidate } from '../candidate';
import { flatLabels } from '../labels';
import { firstOf, resourceOf, serviceOf } from './labelRoles';
import { decodeRecord, type DecodedBody } from './shapeDecoder';

/**
 * Webhooks of Prometheus Alertmanager, version 4 (Prometheus, "webhook_config"), and of Grafana's unified alerting,
 * which has the same form with words of its own (Grafana, "Configure the webhook notifier").
 */
const labelSet = z.record(z.string(), z.unknown());
const alertSchema = z.looseObject({
  status: z.string().optional(),
  labels: labelSet.default({}),
  annotations: labelSet.nullish(),
  startsAt: z.unknown().optional(),
  endsAt: z.unknown().optional(),
  generatorURL: z.string().nullish(),
  fingerprint: z.string().nullish(),
  // Grafana alone.
  values: z.record(z.string(), z.unknown()).nullish(),
  valueString: z.string().nullish(),
  dashboardURL: z.string().nullish(),
  panelURL: z.string().nullish(),
});
type WebhookAlert = z.output<typeof alertSchema>;

const envelopeSchema = z.looseObject({
  alerts: z.array(z.unknown()),
  status: z.string().optional(),
  groupKey: z.unknown().optional(),
  version: z.unknown().optional(),
  truncatedAlerts: z.number().int().nullish(),
});
type Envelope = z.output<typeof envelopeSchema>;

export function alertmanagerEnvelope(value: unknown): Envelope | undefined {
  const parsed = envelopeSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** True for what Grafana adds to the form. */
export function isGrafana(envelope: Envelope): boolean {
  if ('orgId' in envelope) return true;
  return envelope.alerts.some(
    (alert) =>
      typeof alert === 'object' && alert !== null && ('silenceURL' in alert || 'valueString' in alert),
  );
}

export function decodeAlertmanager(envelope: Envelope, source: string): DecodedBody {
  const { alerts, truncatedAlerts, status } = envelope;
  return {
    entries: alerts.map((alert, index) =>
      decodeRecord(index, alert, alertSchema, (parsed) => candidateOf(parsed, source, status)),
    ),
    notes:
      (truncatedAlerts ?? 0) > 0
        ? [`the sender left out ${truncatedAlerts} alerts (max_alerts of its webhook)`]
        : [],
  };
}

function candidateOf(alert: WebhookAlert, source: string, groupStatus: string | undefined): AlertCandidate {
  const labels = flatLabels(alert.labels);
  const annotations = flatLabels(alert.annotations ?? {});
  const links = {
    generatorURL: alert.generatorURL,
    dashboardURL: alert.dashboardURL,
    panelURL: alert.panelURL,
  };
  return {
    source,
    fingerprint: alert.fingerprint,
    name: firstOf(labels, ['alertname', 'rulename', 'grafana_alert', '__alert_rule_name__']),
    service: serviceOf(labels),
    resource: resourceOf(labels.filter(([name]) => name !== 'name')),
    severity: firstOf(labels, ['severity', 'priority', 'level']) ?? firstOf(annotations, ['severity']),
    status: alert.status ?? groupStatus,
    startsAt: alert.startsAt,
    endsAt: alert.endsAt,
    description: firstOf(annotations, ['description', 'message', 'summary']),
    labels,
    attributes: [
      ...annotations.filter(([name]) => name !== 'description'),
      ...flatLabels(links).filter(([, link]) => link !== ''),
      ...flatLabels({ values: alert.values ?? alert.valueString }),
    ],
  };
}
