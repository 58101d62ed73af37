import { expect, test } from '@jest/globals';
import { CanaryHealth, readEvidence } from '../../../src/anomalies/route/canary/canaryHealth';
import { withPlatform } from '../../support/platform';

const platform = withPlatform();
const signal = (): AbortSignal => AbortSignal.timeout(20_000);
const before = { id: 'canary', stage: 0 };
const now = { id: 'canary', stage: 1 };

test('a late request of the stage before takes nothing from the counts of this one', async () => {
  const p = await platform();
  const health = new CanaryHealth(p);
  for (let request = 0; request < 60; request++) health.request(now, 'candidate', 10, true);
  health.request(before, 'candidate', 900, false);
  health.request(now, 'candidate', 10, false);
  await health.flush();
  const { stage } = await readEvidence(p, now, signal());
  expect(stage.candidate).toMatchObject({ requests: 61, errors: 60 });
  expect((await readEvidence(p, before, signal())).stage.candidate).toMatchObject({ requests: 1, errors: 0 });
});

test('counts that could not be written are written by the next flush', async () => {
  const p = await platform();
  let failures = 0;
  const flaky = {
    ...p,
    blobs: {
      ...p.blobs,
      write: (...call: Parameters<typeof p.blobs.write>) =>
        failures > 0 ? (failures--, Promise.reject(new Error('no storage'))) : p.blobs.write(...call),
    },
  };
  const health = new CanaryHealth(flaky);
  health.request(now, 'candidate', 10, true);
  await health.flush();
  health.request(now, 'candidate', 10, true);
  failures = 1;
  await expect(health.flush()).rejects.toThrow('no storage');
  await health.flush();
  expect((await readEvidence(p, now, signal())).stage.candidate).toMatchObject({ requests: 2, errors: 2 });
});
