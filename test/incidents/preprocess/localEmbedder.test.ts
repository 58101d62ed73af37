import { expect, test } from '@jest/globals';
import { generateTickets } from '../../../src/incidents/demo/generateTickets';
import { incidentEmbedderByName } from '../../../src/incidents/preprocess/incidentEmbedder';
import { ensureIncidentEmbedder } from '../../../src/incidents/preprocess/localEmbedder';
import { preprocessAll } from '../../../src/incidents/preprocess/preprocessAll';
import { embedderScope } from '../../../src/registry';
import { listVersions, readManifest } from '../../../src/registry/versions';
import { withPlatform } from '../../support/platform';
import { incidentRow } from '../../support/warehouseRows';

const platformOf = withPlatform();
const signal = new AbortController().signal;
const { incidents, themes } = generateTickets({
  seed: 3,
  endingQuarter: { year: 2026, quarter: 'q3' },
  quarters: 2,
  centers: 2,
  perQuarter: 60,
});

test('two that need it at once get one, trained on the tickets of all centres', async () => {
  const platform = await platformOf();
  await platform.warehouse.mergeIncidents(incidents, signal);
  const [first, second] = await Promise.all([
    ensureIncidentEmbedder(platform, signal),
    ensureIncidentEmbedder(platform, signal),
  ]);
  expect(first.model).toBe(second.model);
  const versions = await listVersions(platform, embedderScope, signal);
  expect(versions).toEqual([{ version: '2026/q3/r1', promoted: true, withdrawn: false }]);
  const manifest = await readManifest(platform, embedderScope, '2026/q3/r1', signal);
  expect(manifest.dataWindow.rows).toBeGreaterThan(incidents.length * 0.98);
  expect((await ensureIncidentEmbedder(platform, signal)).model).toBe(first.model);
});

test('tickets of one theme come to lie closer together than tickets of different ones', async () => {
  const platform = await platformOf();
  await platform.warehouse.mergeIncidents(incidents, signal);
  const runs = await preprocessAll(platform, {}, signal);
  expect(runs.map(({ status }) => status)).toEqual(['ok', 'ok']);
  const rows = await platform.warehouse.preprocessedBetween({ limit: 10_000 }, signal);
  const themeOf = new Map(incidents.map(({ number }, index) => [number, themes[index]]));
  const known = rows.filter(({ number }) => themeOf.get(number) !== undefined);
  let nearestIsSame = 0;
  for (const row of known) {
    let best = -Infinity;
    let theme: string | undefined;
    for (const other of known) {
      if (other === row) continue;
      let similarity = 0;
      for (let index = 0; index < row.embedding.length; index++) {
        similarity += row.embedding[index]! * other.embedding[index]!;
      }
      if (similarity > best) {
        best = similarity;
        theme = themeOf.get(other.number);
      }
    }
    if (theme === themeOf.get(row.number)) nearestIsSame++;
  }
  expect(nearestIsSame / known.length).toBeGreaterThan(0.9);
});

test('without a single word to learn from it says so', async () => {
  const platform = await platformOf();
  await platform.warehouse.mergeIncidents(
    [incidentRow({ shortDescription: '???', description: '' })],
    signal,
  );
  await expect(ensureIncidentEmbedder(platform, signal)).rejects.toMatchObject({ code: 'DATA_EMPTY' });
});

test('the weights in a name make the same embedder again', async () => {
  const platform = await platformOf({
    environment: {
      EMBEDDING_WEIGHT_ENTITY: '0.4',
      EMBEDDING_WEIGHT_ACTION: '0.1',
      EMBEDDING_WEIGHT_SEMANTIC: '0.5',
    },
  });
  await platform.warehouse.mergeIncidents(incidents, signal);
  const current = await ensureIncidentEmbedder(platform, signal);
  expect(current.model).toBe('local/2026/q3/r1#entity=0.4,action=0.1,semantic=0.5');
  const named = await incidentEmbedderByName(platform, current.model, signal);
  const texts = incidents.slice(0, 5).map(({ shortDescription }) => shortDescription);
  expect(await named.embed(texts, { signal })).toEqual(await current.embed(texts, { signal }));
  const plain = await incidentEmbedderByName(platform, 'local/2026/q3/r1', signal);
  expect(await plain.embed(texts, { signal })).not.toEqual(await current.embed(texts, { signal }));
});
