import { describe, expect, test } from '@jest/globals';
import { contextsOf } from '../../../src/alerts/enrich/nodeContext';
import { mostNamedGroups, nameByLanguageModel, rankGroups, type RankedGroup } from '../../../src/alerts/rank';
import { acceptName } from '../../../src/alerts/rank/nameByLanguageModel';
import { QuarterdeckError } from '../../../src/contracts';
import type { LanguageModel, LanguageModelRequest } from '../../../src/platform/language/languageModel';
import { alertsOf, graphOf, type AlertGiven } from './storm';

const shop = graphOf(
  ['checkout', 'payment', 'billing', 'search-api'].map((id) => ({ id })),
  [['checkout', 'payment']],
);
const storm: AlertGiven[] = [
  { service: 'payment', name: 'CardGatewayTimeout', minute: 0, severity: 'critical' },
  { service: 'checkout', name: 'RequestLatencyHigh', minute: 2 },
];
const { signal } = new AbortController();

function prepared(given: readonly AlertGiven[], group: readonly number[]) {
  const enriched = alertsOf(shop, given);
  const grouping = { group: Int32Array.from(group), groups: Math.max(...group) + 1 };
  const ranked = rankGroups({
    enriched,
    grouping,
    index: shop,
    contextOf: contextsOf(shop),
    now: '2026-03-02T11:00:00.000000Z',
  });
  return { ranked, facts: { enriched, group: grouping.group, index: shop } };
}

function answering(
  answer: (request: LanguageModelRequest) => string,
): LanguageModel & { requests: string[] } {
  const requests: string[] = [];
  return {
    model: 'test',
    requests,
    complete: (request) => {
      requests.push(request.data);
      return Promise.resolve({ text: answer(request), inputTokens: 1, outputTokens: 1 });
    },
  };
}

describe('names of groups from a language model', () => {
  test('stand when every word is among the facts', async () => {
    const { ranked, facts } = prepared(storm, [0, 0]);
    const model = answering(() => '"Checkout slow after card gateway timeout in payment."');
    const { groups, rejected, degradedReason } = await nameByLanguageModel(model, ranked, facts, signal);
    expect(groups[0]).toMatchObject({
      name: 'Checkout slow after card gateway timeout in payment',
      namedBy: 'language-model',
    });
    expect([rejected, degradedReason]).toEqual([0, null]);
    expect(model.requests[0]).toContain('payment: CardGatewayTimeout (critical)');
  });

  test.each([
    ['a service of the graph that has no part in it', 'billing latency after payment errors'],
    ['a service whose name has several words', 'search api latency'],
    ['a service that nobody has', 'inventory outage'],
    ['words that the facts do not have', 'the database was deleted by Alice'],
    ['an address', 'payment see https://evil.example'],
    ['markup', '<b>payment</b> errors'],
    ['more than a line', 'payment errors\nand more'],
    ['too many words', 'payment errors '.repeat(10)],
    ['nothing', '  '],
  ])('give way to the name by rules: %s', async (_, answer) => {
    const { ranked, facts } = prepared(storm, [0, 0]);
    const { groups, rejected } = await nameByLanguageModel(
      answering(() => answer),
      ranked,
      facts,
      signal,
    );
    expect(groups).toEqual(ranked);
    expect(rejected).toBe(1);
  });

  test('secrets in alerts are not shown', async () => {
    const { ranked, facts } = prepared([{ ...storm[0]!, name: 'Login failed for anna@example.com' }], [0]);
    const model = answering(() => 'payment errors');
    await nameByLanguageModel(model, ranked, facts, signal);
    expect(model.requests.join('\n')).not.toContain('anna@example.com');
  });

  test('a model that is out of reach is not asked for every group, and the reason is told', async () => {
    const many = Array.from({ length: 30 }, () => storm[0]!);
    const { ranked, facts } = prepared(
      many,
      many.map((_, group) => group),
    );
    let asked = 0;
    const model: LanguageModel = {
      model: 'test',
      complete: () => {
        asked++;
        return Promise.reject(new QuarterdeckError('LANGUAGE_MODEL_UNAVAILABLE', 'down'));
      },
    };
    const { groups, degradedReason } = await nameByLanguageModel(model, ranked, facts, signal);
    expect(degradedReason).toBe('LANGUAGE_MODEL_UNAVAILABLE');
    expect(groups).toEqual(ranked);
    expect(asked).toBeLessThan(mostNamedGroups / 2);
  });

  test('only the most important groups are asked about', async () => {
    const many = Array.from({ length: mostNamedGroups + 5 }, () => storm[0]!);
    const { ranked, facts } = prepared(
      many,
      many.map((_, group) => group),
    );
    const { groups } = await nameByLanguageModel(
      answering(() => 'payment timeout'),
      ranked,
      facts,
      signal,
    );
    const named = groups.map(({ namedBy }: RankedGroup) => namedBy === 'language-model');
    expect(named).toEqual(many.map((_, place) => place < mostNamedGroups));
  });

  test('what is not the model’s doing is thrown on, and so is the caller’s own stop', async () => {
    const { ranked, facts } = prepared(storm, [0, 0]);
    const broken: LanguageModel = {
      model: 'test',
      complete: () => Promise.reject(new TypeError('a mistake')),
    };
    await expect(nameByLanguageModel(broken, ranked, facts, signal)).rejects.toThrow('a mistake');
    const stopped = new AbortController();
    const slow: LanguageModel = {
      model: 'test',
      complete: () => {
        stopped.abort();
        return Promise.reject(new QuarterdeckError('DEADLINE_EXCEEDED', 'stopped'));
      },
    };
    await expect(nameByLanguageModel(slow, ranked, facts, stopped.signal)).rejects.toThrow('stopped');
  });

  test('a service named as the facts name it may be written apart', () => {
    expect(acceptName('search api: latency', 'Services with alerts: search-api', shop)).toBe(
      'search api: latency',
    );
  });
});
