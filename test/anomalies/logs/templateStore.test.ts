import { describe, expect, test } from '@jest/globals';
import { TemplateStore, templateStateBlob } from '../../../src/anomalies/logs';
import { withPlatform } from '../../support/platform';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

describe('TemplateStore', () => {
  const platform = withPlatform();

  test('hands out ids that the next process gives too', async () => {
    const p = await platform();
    const first = await new TemplateStore(p).assign(['disk sda1 is full', 'node is up'], signal());
    expect(first.changed.map(({ isNew, message }) => [isNew, message])).toEqual([
      [true, 0],
      [true, 1],
    ]);
    const second = await new TemplateStore(p).assign(['disk sda7 is full', 'node is up'], signal());
    expect(second).toMatchObject({ ids: first.ids, changed: [] });
    expect(second.used.map(({ template, message }) => [template.id, message])).toEqual([
      [first.ids[0], 0],
      [first.ids[1], 1],
    ]);
  });

  test('two processes that learn at once end with the same templates', async () => {
    const p = await platform();
    const stores = [new TemplateStore(p), new TemplateStore(p), new TemplateStore(p)];
    const batches = stores.map((_, index) => [
      `the worker pool ${'abc'[index]} is exhausted`,
      `the worker pool ${'bca'[index]} is exhausted`,
      `only ${'xyz'[index]}${'xyz'[index]} says this`,
    ]);
    const assigned = await Promise.all(stores.map((store, index) => store.assign(batches[index]!, signal())));
    const later = new TemplateStore(p);
    for (const [index, { ids }] of assigned.entries()) {
      expect((await later.assign(batches[index]!, signal())).ids).toEqual(ids);
    }
    expect(new Set(assigned.map(({ ids }) => ids[0])).size).toBe(1);
  });

  test('a batch whose state could not be written is learnt again by the next one', async () => {
    const p = await platform();
    let failures = 1;
    const flaky = {
      ...p,
      blobs: {
        ...p.blobs,
        write: (...call: Parameters<typeof p.blobs.write>) =>
          failures-- > 0 ? Promise.reject(new Error('the disk is gone')) : p.blobs.write(...call),
      },
    };
    const store = new TemplateStore(flaky);
    await expect(store.assign(['disk is full'], signal())).rejects.toThrow('the disk is gone');
    expect((await store.assign(['disk is full'], signal())).changed).toHaveLength(1);
    expect(await p.blobs.exists(templateStateBlob)).toBe(true);
  });
});
