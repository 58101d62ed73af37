import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/contracts';
import { enrichAlerts, type EnrichedAlert } from '../../../src/alerts/enrich';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { alertOf, graphOf, nodeOf } from './alerts';

const index = indexGraph(
  graphOf(
    [
      'web',
      nodeOf('svc-17', { name: 'checkout', aliases: ['basket', 'web'] }),
      nodeOf('payments', { aliases: ['pay'] }),
      'cart-redis',
      'cart-database',
      'shop/mailer',
    ],
    ['web svc-17', 'svc-17 payments', 'payments cart-redis'],
  ),
);

function mapped(parts: Partial<Alert>, minimumScore = 2): EnrichedAlert & { id: string | undefined } {
  const [enriched] = enrichAlerts([alertOf(parts)], index, { minimumScore }).alerts;
  return { ...enriched!, id: index.graph.nodes[enriched!.node]?.id };
}

describe('an alert finds its service', () => {
  test.each([
    ['its service is the id', { service: 'payments' }, 'payments', 1],
    ['its service is the name', { service: 'checkout' }, 'svc-17', 0.98],
    ['its service is written in another form', { service: 'Cart_Redis' }, 'cart-redis', 0.95],
    ['a label names it', { labels: { app: 'payments' } }, 'payments', 0.95],
    [
      'namespace and label name it together',
      { labels: { namespace: 'shop', app: 'mailer' } },
      'shop/mailer',
      0.95,
    ],
    ['its resource names it', { resource: 'payments' }, 'payments', 0.9],
    ['its pod is named after it', { labels: { pod: 'payments-7d9f8b6c5-x2x1z' } }, 'payments', 0.85],
    ['its host and port are named after it', { resource: 'payments.shop.svc:8080' }, 'payments', 0.85],
  ])('exactly, when %s', (_, parts, id, confidence) => {
    const found = mapped(parts);
    expect(found).toMatchObject({ id, mapping: { method: 'exact' } });
    expect(found.mapping.confidence).toBeCloseTo(confidence, 10);
  });

  test('an id comes before the same word as an alias of another service', () => {
    expect(mapped({ service: 'web' })).toMatchObject({ id: 'web', mapping: { method: 'exact' } });
  });

  test('by an alias, which is less sure than a key', () => {
    expect(mapped({ service: 'basket' })).toMatchObject({
      id: 'svc-17',
      mapping: {
        method: 'alias',
        confidence: 0.9,
        matched: 'service “basket” is another name of service “svc-17”',
      },
    });
  });

  test('by an alias of its own service rather than by a label that is the id of another', () => {
    expect(mapped({ service: 'pay', labels: { job: 'web' } })).toMatchObject({ id: 'payments' });
  });

  test('by words, when two of them meet in one service', () => {
    const found = mapped({ service: 'redis', labels: { component: 'of the cart' } });
    expect(found).toMatchObject({ id: 'cart-redis', mapping: { method: 'scored' } });
    expect(found.mapping.score).toBeGreaterThanOrEqual(2);
    expect(found.mapping.confidence).toBeLessThan(0.85);
    expect(found.mapping.matched).toContain('“redis”');
  });

  test.each(['petsearch', 'PetSearch', 'pet search', 'Pet_Search-v2'])(
    'by words, whether they are written as one or apart: %s',
    (service) => {
      const shop = indexGraph(
        graphOf(['PetSearch_AWS::ECS::Fargate', 'PetSite', 'petInfo_AWS::DynamoDB::Table', 'S3_AWS::S3']),
      );
      expect(enrichAlerts([alertOf({ service })], shop, { minimumScore: 2 }).alerts[0]!.node).toBe(0);
    },
  );

  test('by no number alone, though the service is named by nothing else', () => {
    const numbered = indexGraph(graphOf(['service-16', 'service-17', 'web']));
    const found = enrichAlerts([alertOf({ service: 'node-17' })], numbered, { minimumScore: 2 }).alerts[0]!;
    expect(found).toMatchObject({ node: -1, mapping: { method: 'none' } });
    expect(found.mapping.matched).toContain('“service-17”');
  });

  test('by words that many services share, where together they name one', () => {
    const ids = ['cart', 'mail', 'order', 'stock'].flatMap((part) =>
      Array.from({ length: 30 }, (_, zone) =>
        ['api', 'database', 'cache'].map((kind) => `${part}-${kind}-z${zone}`),
      ).flat(),
    );
    const many = indexGraph(graphOf(ids));
    const found = enrichAlerts([alertOf({ service: 'cache of order', labels: { zone: 'z7' } })], many, {
      minimumScore: 2,
    }).alerts[0]!;
    expect(many.graph.nodes[found.node]?.id).toBe('order-cache-z7');
  });

  test('two services that fit alike give the first of them, and little confidence', () => {
    const twins = indexGraph(graphOf(['east-ledger', 'west-ledger', 'web']));
    const enrich = (minimumScore: number): EnrichedAlert =>
      enrichAlerts([alertOf({ service: 'ledger' })], twins, { minimumScore }).alerts[0]!;
    expect(enrich(0).node).toBe(0);
    expect(enrich(0).mapping.confidence).toBeLessThan(0.3);
    expect(enrich(2)).toMatchObject({ node: -1, mapping: { method: 'none', confidence: 0 } });
  });

  test('the lowest score decides between a mapping and a guess', () => {
    const { score } = mapped({ service: 'redis thing' }).mapping;
    expect(mapped({ service: 'redis thing' }, score).id).toBe('cart-redis');
    const above = mapped({ service: 'redis thing' }, score + 0.01);
    expect(above.node).toBe(-1);
    expect(above.mapping.matched).toContain('“cart-redis”');
  });
});

test('alerts that no service fits stay, and are counted by what they call their service', () => {
  const alerts = [
    alertOf({ service: 'payments' }),
    alertOf({ service: 'mainframe' }),
    alertOf({ service: 'mainframe' }),
    alertOf(),
  ];
  const { alerts: enriched, statistics } = enrichAlerts(alerts, index, { minimumScore: 2 });
  expect(enriched.map(({ alert }) => alert)).toEqual(alerts);
  expect(enriched.map(({ node }) => node)).toEqual([2, -1, -1, -1]);
  expect(statistics).toEqual({
    alerts: 4,
    mapped: 1,
    unmapped: 3,
    byMethod: { exact: 1, alias: 0, scored: 0, none: 3 },
    meanConfidence: 1,
    lowConfidence: 0,
    services: 1,
    unmappedServices: [
      { service: 'mainframe', alerts: 2 },
      { service: null, alerts: 1 },
    ],
  });
});

test('an empty graph leaves every alert unmapped, and no alerts give empty statistics', () => {
  const empty = indexGraph(graphOf([]));
  const { alerts, contextOf } = enrichAlerts([alertOf({ service: 'web' })], empty, { minimumScore: 0 });
  expect(alerts[0]).toMatchObject({ node: -1, mapping: { method: 'none' } });
  expect(contextOf(-1)).toMatchObject({ upstream: [], downstream: [], pathToCritical: null, blastRadius: 0 });
  const none = enrichAlerts([], empty, { minimumScore: 2 }).statistics;
  expect(none).toMatchObject({ alerts: 0, mapped: 0, meanConfidence: 0, unmappedServices: [] });
});

test('ten thousand labels on one alert do not keep it from its service', () => {
  const labels = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, number) => [`label${number}`, `v${number}`]),
  );
  expect(mapped({ labels: { ...labels, app: 'payments' } }).id).toBe('payments');
  expect(mapped({ labels, service: 'redis of cart' }).id).toBe('cart-redis');
});

test('a label named like a part of every object is no label', () => {
  expect(
    mapped({ labels: JSON.parse('{"__proto__": "web", "constructor": "web"}') as Alert['labels'] }).mapping
      .method,
  ).not.toBe('exact');
});

test('a lowest score that is no number is refused', () => {
  expect(() => enrichAlerts([], index, { minimumScore: Number.NaN })).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'minimumScore' } }),
  );
});
