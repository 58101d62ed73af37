import { z } from 'zod';
import { excerptOf, type Decoded } from '../candidate';
import { refusedEntry } from './shapeDecoder';

/**
 * The envelope of Amazon SNS (SNS, "Parsing message formats"). A topic that was pointed at us asks for a confirmation
 * by a link. Anybody can send a link, so none is followed: an operator confirms with the token, which he finds in the
 * raw record (docs/alerts-ingest.md).
 */
const envelopeSchema = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string().optional(),
});
export type SnsEnvelope = z.output<typeof envelopeSchema>;

export function snsEnvelope(value: unknown): SnsEnvelope | undefined {
  const parsed = envelopeSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** What a notification carries, as JSON; undefined when it is none. */
export function snsMessage({ Message }: SnsEnvelope): unknown {
  try {
    return JSON.parse(Message) as unknown;
  } catch {
    // The caller says that the message is no JSON.
    return undefined;
  }
}

/** Operators copy the command that confirms a topic: nothing may stand in it that a shell would run. */
const topicArn = /^arn:aws[a-z-]{0,20}:sns:[a-z0-9-]{1,30}:\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

/** A topic that waits for its confirmation, set aside where operators look. */
export function unconfirmed(envelope: SnsEnvelope): Decoded {
  const { Type, TopicArn } = envelope;
  if (Type === 'UnsubscribeConfirmation') {
    return { index: 0, ignored: 'a topic was unsubscribed', excerpt: () => excerptOf(envelope) };
  }
  if (!topicArn.test(TopicArn)) {
    return refusedEntry(0, envelope, {
      code: 'RECORD_MALFORMED',
      message: 'a subscription to what is no topic of SNS',
    });
  }
  return refusedEntry(0, envelope, {
    code: 'SUBSCRIPTION_UNCONFIRMED',
    message: `topic ${TopicArn} waits for its confirmation: aws sns confirm-subscription --topic-arn ${TopicArn} --token TOKEN, with the Token of the raw record`,
  });
}
