import { z } from 'zod';
import type { AlertCandidate, Decoded } from '../candidate';
import { flatLabels } from '../labels';
import { firstOf, serviceOf } from './labelRoles';
import { decodeRecord, looseText, refusedEntry } from './shapeDecoder';

/**
 * A CloudWatch alarm as SNS carries it (CloudWatch, "Notifying users on alarm changes"). It tells of a change of
 * state and its time; when the alarm went off is not said again when it ends.
 */
const dimensionSchema = z.looseObject({
  name: z.string().optional(),
  Name: z.string().optional(),
  value: looseText,
  Value: looseText,
});
const schema = z.looseObject({
  AlarmName: z.string().min(1),
  AlarmDescription: looseText,
  AWSAccountId: looseText,
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  NewStateReason: looseText,
  OldStateValue: looseText,
  StateChangeTime: z.unknown().optional(),
  Region: looseText,
  AlarmArn: looseText,
  Trigger: z
    .looseObject({
      MetricName: looseText,
      Namespace: looseText,
      Threshold: z.unknown().optional(),
      Dimensions: z.array(dimensionSchema).nullish().catch(undefined),
    })
    .nullish(),
});

export function isCloudWatchAlarm(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'AlarmName' in value && 'NewStateValue' in value;
}

export function decodeAlarm(index: number, record: unknown): Decoded {
  if (!isCloudWatchAlarm(record)) {
    return refusedEntry(index, record, { code: 'RECORD_MALFORMED', message: 'not an alarm of CloudWatch' });
  }
  return decodeRecord(index, record, schema, candidateOf);
}

const severityLabels = ['severity', 'priority'];
const resourceDimensions = [
  'instanceid',
  'dbinstanceidentifier',
  'dbclusteridentifier',
  'functionname',
  'queuename',
  'tablename',
  'loadbalancer',
  'targetgroup',
  'servicename',
  'clustername',
  'apiname',
  'bucketname',
  'topicname',
];

function candidateOf(alarm: z.output<typeof schema>): AlertCandidate {
  const dimensions = (alarm.Trigger?.Dimensions ?? []).map((dimension): [string, string] => [
    dimension.name ?? dimension.Name ?? '',
    dimension.value ?? dimension.Value ?? '',
  ]);
  const state = alarm.NewStateValue;
  return {
    source: 'cloudwatch',
    // The alarm is the condition: its ARN, or its name in its account and region.
    fingerprint: alarm.AlarmArn ?? `${alarm.AWSAccountId ?? ''}:${alarm.Region ?? ''}:${alarm.AlarmName}`,
    name: alarm.AlarmName,
    service: serviceOf(dimensions) ?? firstOf(dimensions, ['servicename', 'clustername']),
    resource: firstOf(dimensions, resourceDimensions) ?? dimensions[0]?.[1],
    severity: firstOf(dimensions, severityLabels) ?? (state === 'OK' ? undefined : state),
    status: state === 'OK' ? 'resolved' : 'firing',
    ...(state === 'OK' ? { endsAt: alarm.StateChangeTime } : {}),
    saidAt: alarm.StateChangeTime,
    description: alarm.AlarmDescription ?? alarm.NewStateReason,
    labels: [
      ...dimensions,
      ...flatLabels({
        namespace: alarm.Trigger?.Namespace,
        metric: alarm.Trigger?.MetricName,
        account: alarm.AWSAccountId,
        region: alarm.Region,
      }),
    ],
    attributes: flatLabels({
      alarm_arn: alarm.AlarmArn,
      state_reason: alarm.NewStateReason,
      threshold: alarm.Trigger?.Threshold,
    }),
  };
}
