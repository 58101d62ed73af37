import { z } from 'zod';
import { excerptOf, type Decoded } from '../batch';
import type { RawLogRecord } from '../logParsing';
import type { PlainLogDefaults } from './plainLogs';

/** What a CloudWatch Logs subscription delivers (Amazon CloudWatch Logs User Guide, "Subscription filters"). */
const subscriptionSchema = z.looseObject({
  messageType: z.string(),
  owner: z.string().default(''),
  logGroup: z.string().default(''),
  logStream: z.string().default(''),
  logEvents: z.array(
    z.looseObject({
      id: z.unknown().optional(),
      timestamp: z.unknown().optional(),
      message: z.unknown().optional(),
    }),
  ),
});

export function isSubscription(value: unknown): boolean {
  return subscriptionSchema.safeParse(value).success;
}

/** Streams that are named by date, as Lambda's are: their group says who wrote. */
const datedStream = /^\d{4}\/\d{2}\/\d{2}\//;

/** Its events; a control message carries none of the user's. */
export function* subscriptionLogs(
  value: unknown,
  first: number,
  defaults: PlainLogDefaults,
): Generator<Decoded<RawLogRecord>> {
  const parsed = subscriptionSchema.safeParse(value);
  if (!parsed.success) {
    const refusal = {
      code: 'RECORD_MALFORMED',
      message: 'not a CloudWatch Logs subscription message',
    } as const;
    yield { index: first, refusal, excerpt: () => excerptOf(value) };
    return;
  }
  const { messageType, owner, logGroup, logStream, logEvents } = parsed.data;
  if (messageType === 'CONTROL_MESSAGE') return;
  const named = logStream !== '' && !datedStream.test(logStream) ? logStream : logGroup;
  for (const [offset, event] of logEvents.entries()) {
    const { id, message } = event;
    yield {
      index: first + offset,
      candidate: {
        text: typeof message === 'string' ? message : JSON.stringify(message ?? ''),
        instance: named === '' ? defaults.instance : named,
        at: event.timestamp,
        level: undefined,
        source: logGroup === '' ? defaults.source : logGroup,
        attributes: { log_stream: logStream, owner, ...(typeof id === 'string' && { event_id: id }) },
      },
      excerpt: () => excerptOf(event),
    };
  }
}
