import { describe, expect, test } from '@jest/globals';
import { predictRequestSchema } from '../../../src/incidents/predict/enqueuePredict';
import { parseMessage } from '../../../src/platform/queues/queueMessage';
import { trainRequestSchema } from '../../../src/incidents/train/enqueueTrain';

describe('messages of the work queues', () => {
  test('come as text or parsed, and defaults are filled in', () => {
    const message = { techCenter: 'Service Desk', year: 2026, quarter: 'q4' };
    expect(parseMessage(trainRequestSchema, JSON.stringify(message))).toEqual({ ...message, promote: true });
    expect(parseMessage(predictRequestSchema, { techCenter: 'Service Desk' })).toEqual({
      techCenter: 'Service Desk',
    });
  });

  test.each([
    [predictRequestSchema, 'not json'],
    [predictRequestSchema, {}],
    [predictRequestSchema, { techCenter: 'a', extra: 1 }],
    [predictRequestSchema, '{"techCenter":"a","__proto__":{"x":1}}'],
    [trainRequestSchema, { techCenter: 'a', year: 2026, quarter: 'q5' }],
    [trainRequestSchema, { techCenter: '', year: 2026, quarter: 'q1' }],
  ])('what nobody understands is refused', (schema, message) => {
    expect(() => parseMessage<unknown>(schema, message)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
