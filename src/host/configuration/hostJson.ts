import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import { parseTimeSpan } from './timeSpan';

/** -1 means no limit, in host.json and here. */
const unlimited = -1;

function toMilliseconds(text: string, context: z.RefinementCtx): number {
  const milliseconds = parseTimeSpan(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: `"${text}" is no time span (hh:mm:ss)` });
  return z.NEVER;
}
const timeSpan = z.string().transform(toMilliseconds);
const timeLimit = z
  .string()
  .transform((text, context) => (text === String(unlimited) ? unlimited : toMilliseconds(text, context)));
const count = z.number().int();

/**
 * The parts of host.json that this host obeys, with the real host's defaults (host.json reference, version 2.0;
 * those of Storage queues are of extension bundle 4). Other sections are for the cloud and are passed over.
 */
export const hostJsonSchema = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: timeLimit.default(30 * 60_000),
  extensions: z
    .looseObject({
      http: z
        .looseObject({
          routePrefix: z.string().default('api'),
          maxOutstandingRequests: count.min(unlimited).default(unlimited),
          maxConcurrentRequests: count.min(unlimited).default(unlimited),
          customHeaders: z.record(z.string(), z.string()).default({}),
        })
        .prefault({}),
      queues: z
        .looseObject({
          maxPollingInterval: timeSpan.pipe(z.number().min(100)).default(60_000),
          visibilityTimeout: timeSpan.default(0),
          batchSize: count.min(1).max(32).default(16),
          maxDequeueCount: count.min(1).default(5),
          newBatchThreshold: count.min(0).optional(),
          messageEncoding: z.enum(['base64', 'none']).default('base64'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type HostJson = z.output<typeof hostJsonSchema>;
export type HttpOptions = HostJson['extensions']['http'];
export type QueueOptions = HostJson['extensions']['queues'];

/** @throws FUNCTIONS_APP_INVALID when the file is missing or does not fit, naming every bad field. */
export function readHostJson(root: string): HostJson {
  const refuse = (why: string, cause?: unknown) =>
    new QuarterdeckError('FUNCTIONS_APP_INVALID', `host.json ${why}`, {
      culprit: { file: 'host.json' },
      cause,
    });
  let text: string;
  try {
    text = readFileSync(join(root, 'host.json'), 'utf8');
  } catch (error) {
    throw refuse('of the app cannot be read: a functions app has one beside its package.json', error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse('is not JSON', error);
  }
  const parsed = hostJsonSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'root'}: ${issue.message}`);
  throw refuse(`does not fit: ${issues.join('; ')}`);
}
