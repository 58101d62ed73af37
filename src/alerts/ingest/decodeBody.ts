import { QuarterdeckError } from '../../contracts';
import type { AlertShape } from '../../contracts/alertHttp';
import type { AlertCandidate, Decoded } from './candidate';
import { alertmanagerEnvelope, decodeAlertmanager, isGrafana } from './decode/alertmanager';
import { azureSchemaId, decodeAzureMonitor } from './decode/azureMonitor';
import { decodeAlarm, isCloudWatchAlarm } from './decode/cloudWatch';
import { decodeDatadog, isDatadog } from './decode/datadog';
import {
  decodePagerDutyEvents,
  decodePagerDutyWebhook,
  isPagerDutyEvent,
  isPagerDutyWebhook,
} from './decode/pagerDuty';
import { decodePlain, plainAlerts } from './decode/plain';
import { refusedEntry, type DecodedBody } from './decode/shapeDecoder';
import { snsEnvelope, snsMessage, unconfirmed } from './decode/sns';

/**
 * How a body is written, by its content: every sender of JSON calls it `application/json`.
 * @throws INPUT_INVALID when it is neither an object nor a list.
 */
export function detectAlertShape(value: unknown): AlertShape {
  if (typeof value !== 'object' || value === null) {
    throw new QuarterdeckError('INPUT_INVALID', 'the body is neither a JSON object nor a list', {
      culprit: { field: 'body' },
    });
  }
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const record = (first ?? {}) as Readonly<Record<string, unknown>>;
  if (record['schemaId'] === azureSchemaId) return 'azure-monitor';
  if (isCloudWatchAlarm(record) || snsEnvelope(record)) return 'cloudwatch';
  if (isPagerDutyWebhook(record)) return 'pagerduty';
  if (isPagerDutyEvent(record)) return 'pagerduty-events';
  if (isDatadog(record)) return 'datadog';
  const envelope = alertmanagerEnvelope(value);
  if (envelope && ('groupKey' in envelope || 'receiver' in envelope)) {
    return isGrafana(envelope) ? 'grafana' : 'alertmanager';
  }
  return 'plain';
}

/**
 * Everything that a body holds, in its order.
 * @param source name of the sending system that is put in place of the shape's own
 * @throws INPUT_INVALID when the body as a whole is not of the shape.
 */
export function decodeBody(shape: AlertShape, value: unknown, source: string | undefined): DecodedBody {
  const decoded = decodeShape(shape, value);
  return source === undefined ? decoded : { ...decoded, entries: renamed(decoded.entries, source) };
}

function decodeShape(shape: AlertShape, value: unknown): DecodedBody {
  switch (shape) {
    case 'alertmanager':
    case 'grafana':
      return decodeAlertmanager(alertmanagerEnvelope(value) ?? notOf(shape), shape);
    case 'azure-monitor':
      return decodeAzureMonitor(value);
    case 'cloudwatch':
      return decodeCloudWatch(value);
    case 'pagerduty':
      return decodePagerDutyWebhook(value);
    case 'pagerduty-events':
      return decodePagerDutyEvents(value);
    case 'datadog':
      return decodeDatadog(value);
    case 'plain':
    default:
      return decodePlain(plainAlerts(value) ?? notOf(shape));
  }
}

/** Alarms as SNS delivers them: in its envelope, or bare with raw message delivery. */
function decodeCloudWatch(value: unknown): DecodedBody {
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  const notes: string[] = [];
  const entries = records.flatMap((record, index): Decoded[] => {
    const envelope = snsEnvelope(record);
    if (!envelope) return [decodeAlarm(index, record)];
    if (envelope.Type !== 'Notification') {
      const entry = unconfirmed(envelope);
      notes.push('ignored' in entry ? entry.ignored : 'refusal' in entry ? entry.refusal.message : '');
      return [{ ...entry, index }];
    }
    const message = snsMessage(envelope);
    if (message === undefined || message === null || typeof message !== 'object') {
      const problem = 'the message of the notification is no JSON: only alarms can be read';
      return [refusedEntry(index, record, { code: 'RECORD_MALFORMED', message: problem })];
    }
    if (isCloudWatchAlarm(message)) return [decodeAlarm(index, message)];
    // Another sender's alert, carried by SNS.
    const shape = detectAlertShape(message);
    if (shape === 'cloudwatch') return [decodeAlarm(index, message)];
    return [...decodeShape(shape, message).entries].map((entry) => ({ ...entry, index }));
  });
  return { entries, notes };
}

function* renamed(entries: Iterable<Decoded>, source: string): Generator<Decoded> {
  for (const entry of entries) {
    if (!('candidate' in entry)) yield entry;
    else {
      const { vocabulary = entry.candidate.source } = entry.candidate;
      const candidate: AlertCandidate = { ...entry.candidate, source, vocabulary };
      yield { ...entry, candidate };
    }
  }
}

function notOf(shape: AlertShape): never {
  throw new QuarterdeckError('INPUT_INVALID', `the body is not of the shape ${shape}`, {
    culprit: { field: 'body' },
  });
}
