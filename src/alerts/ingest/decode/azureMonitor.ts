import { z } from 'zod';
import type { AlertCandidate } from '../candidate';
import { flatLabels } from '../labels';
import { serviceOf } from './labelRoles';
import { decodeRecord, looseText, type DecodedBody } from './shapeDecoder';

/** Azure Monitor's common alert schema (Azure Monitor, "Common alert schema": essentials and alert context). */
export const azureSchemaId = 'azureMonitorCommonAlertSchema';

const dimensionSchema = z.looseObject({ name: z.string(), value: looseText });
const schema = z.looseObject({
  data: z.looseObject({
    essentials: z.looseObject({
      alertId: looseText,
      alertRule: looseText,
      severity: looseText,
      signalType: looseText,
      monitorCondition: looseText,
      monitoringService: looseText,
      alertTargetIDs: z.array(z.string()).nullish(),
      configurationItems: z.array(z.string()).nullish(),
      firedDateTime: z.unknown().optional(),
      resolvedDateTime: z.unknown().optional(),
      description: looseText,
      investigationLink: looseText,
    }),
    alertContext: z.unknown().optional(),
    customProperties: z.unknown().optional(),
  }),
});

const conditionSchema = z.looseObject({
  condition: z.looseObject({
    allOf: z.array(
      z.looseObject({
        metricName: looseText,
        metricNamespace: looseText,
        metricValue: z.unknown().optional(),
        threshold: z.unknown().optional(),
        dimensions: z.array(dimensionSchema).nullish(),
      }),
    ),
  }),
});

export function decodeAzureMonitor(value: unknown): DecodedBody {
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  return {
    entries: records.map((record, index) => decodeRecord(index, record, schema, candidateOf)),
    notes: [],
  };
}

function candidateOf({ data }: z.output<typeof schema>): AlertCandidate {
  const { essentials, alertContext, customProperties } = data;
  const [target = ''] = essentials.alertTargetIDs ?? [];
  const custom = flatLabels(customProperties);
  const { dimensions, readings } = conditionLabels(alertContext);
  const labels: [string, string][] = [
    ...placeLabels(target),
    ...dimensions,
    ...flatLabels({
      signal_type: essentials.signalType,
      monitoring_service: essentials.monitoringService,
    }),
  ];
  return {
    source: 'azure-monitor',
    id: essentials.alertId,
    // Of a rule in a resource group the last part: people know it by that.
    name: lastPart(essentials.alertRule ?? ''),
    service: serviceOf([...custom, ...dimensions]),
    resource: essentials.configurationItems?.[0] ?? lastPart(target),
    severity: essentials.severity,
    status: essentials.monitorCondition,
    startsAt: essentials.firedDateTime,
    endsAt: essentials.resolvedDateTime,
    description: essentials.description,
    labels,
    attributes: [...custom, ...readings, ...flatLabels({ investigation_link: essentials.investigationLink })],
  };
}

/** `/subscriptions/…/resourcegroups/…/providers/microsoft.compute/virtualmachines/name`, in any case. */
function placeLabels(target: string): [string, string][] {
  const place =
    /\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?(?:\/providers\/([^/]+\/[^/]+))?/i.exec(target);
  if (!place) return [];
  const [, subscription, group, type] = place.map((part) => part?.toLowerCase());
  return flatLabels({ subscription, resource_group: group, resource_type: type });
}

function conditionLabels(context: unknown): {
  readonly dimensions: [string, string][];
  readonly readings: [string, string][];
} {
  const parsed = conditionSchema.safeParse(context);
  if (!parsed.success) return { dimensions: [], readings: [] };
  const conditions = parsed.data.condition.allOf;
  return {
    dimensions: conditions.flatMap(({ metricName, dimensions }) => [
      ...flatLabels({ metric: metricName }),
      ...(dimensions ?? []).map(({ name, value }): [string, string] => [name, value ?? '']),
    ]),
    readings: conditions.flatMap(({ metricValue, threshold }) => flatLabels({ metricValue, threshold })),
  };
}

function lastPart(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? '';
}
