import { describe, expect, it } from '@jest/globals';
import type { StoredExplanation } from '../../../src/contracts';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';

export function explanationContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  const row = (change: Partial<StoredExplanation> = {}): StoredExplanation => ({
    explanationId: 'a',
    instance: 'web-1',
    at: '2026-07-01T08:00:00.000000Z',
    status: 'done',
    documentJson: '{"rootCause":[]}',
    requestedAt: '2026-07-01T08:01:00.000000Z',
    finishedAt: '2026-07-01T08:01:02.000000Z',
    errorCode: null,
    ...change,
  });

  describe('explanations', () => {
    it('are kept once per id and found by it', async () => {
      await warehouse().mergeExplanations([row({ status: 'pending', finishedAt: null })], signal());
      await warehouse().mergeExplanations([row()], signal());
      expect(await warehouse().explanation('a', signal())).toEqual(row());
      expect(await warehouse().explanation('b', signal())).toBeUndefined();
    });

    it('are listed newest first, of one instance or of all', async () => {
      const older = row();
      const newer = row({
        explanationId: 'b',
        instance: 'web-2',
        requestedAt: '2026-07-02T00:00:00.000000Z',
      });
      await warehouse().mergeExplanations([older, newer], signal());
      expect(await warehouse().explanations({ limit: 10 }, signal())).toEqual([newer, older]);
      expect(await warehouse().explanations({ limit: 1 }, signal())).toEqual([newer]);
      expect(await warehouse().explanations({ instance: 'web-1', limit: 10 }, signal())).toEqual([older]);
    });
  });
}
