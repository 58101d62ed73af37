import { describe, expect, test } from '@jest/globals';
import {
  explanationSections,
  toTimestamp,
  type ExplainRequest,
  type ExplanationDocument,
} from '../../../src/contracts';
import { explainAnomaly, listExplanations, readExplanation } from '../../../src/intelligence';
import type { Platform } from '../../../src/platform/platform';
import { fakeOpenai } from '../../support/fakeOpenai';
import { withPlatform } from '../../support/platform';
import { wordEmbedder } from '../../support/syntheticTickets';
import { incidentRow, logEvent, logTemplate, preprocessedRow } from '../../support/warehouseRows';

const signal = (): AbortSignal => AbortSignal.timeout(30_000);
const at = '2026-07-01T12:00:00.000000Z';

const request: ExplainRequest = {
  instance: 'web-1',
  at,
  score: {
    score: 0.97,
    confidence: 0.97,
    threshold: 0.5,
    contributions: [
      { feature: 'disk_used_percent__mean_15m', value: 98.7654321, contribution: 3 },
      { feature: 'disk_used_percent__value', value: 99, contribution: 1 },
      { feature: 'error_percent__change_5m', value: 2.5, contribution: 1 },
      { feature: 'hour_of_day', value: 12, contribution: -2 },
    ],
  },
};

const everySentence = (document: ExplanationDocument): ExplanationDocument['rootCause'] =>
  explanationSections.flatMap((section) => document[section]);

/** An embedder for which texts about full disks are alike. */
const embeddingService = wordEmbedder();

async function storeIncidents(p: Platform): Promise<void> {
  const rows = [
    incidentRow({
      number: 'INC1',
      shortDescription: 'disk used percent, error percent on web-1',
      description: '',
      sysCreatedOn: '2026-06-01T00:00:00.000000Z',
      closeNotes: 'Removed old archives; mail ops@example.com when it happens again.',
    }),
    incidentRow({
      number: 'INC2',
      shortDescription: 'disk used percent, error percent on web-1 again',
      description: '',
      sysCreatedOn: '2026-06-02T00:00:00.000000Z',
      closeNotes: null,
    }),
    incidentRow({ number: 'INC3', sysCreatedOn: '2026-07-02T00:00:00.000000Z' }),
    incidentRow({
      number: 'INC4',
      shortDescription: 'Payroll is wrong',
      sysCreatedOn: '2026-06-03T00:00:00.000000Z',
    }),
  ];
  await p.warehouse.mergeIncidents(rows, signal());
  const vectors = await embeddingService.embed(
    rows.map(({ shortDescription }) => shortDescription),
    { signal: signal() },
  );
  await p.warehouse.mergePreprocessed(
    rows.map(({ number, sysCreatedOn }, index) =>
      preprocessedRow({
        number,
        sysCreatedOn: toTimestamp(sysCreatedOn),
        embedding: vectors[index]!,
        embeddingModel: embeddingService.model,
      }),
    ),
    signal(),
  );
}

async function storeLogs(p: Platform): Promise<void> {
  await p.warehouse.mergeLogTemplates(
    [
      logTemplate({
        templateId: 'new',
        template: 'write failed: no space left',
        firstSeenAt: '2026-07-01T11:50:00.000000Z',
      }),
      logTemplate({ templateId: 'old', template: 'all is well', firstSeenAt: '2026-05-01T00:00:00.000000Z' }),
      logTemplate({
        templateId: 'elsewhere',
        template: 'not here',
        firstSeenAt: '2026-07-01T11:51:00.000000Z',
      }),
    ],
    signal(),
  );
  const event = { instance: 'web-1', at: '2026-07-01T11:50:00.000000Z' };
  await p.warehouse.mergeLogEvents(
    [
      logEvent({ ...event, recordId: 'a', templateId: 'new' }),
      logEvent({ ...event, recordId: 'b', templateId: 'old' }),
      logEvent({ ...event, recordId: 'c', templateId: 'elsewhere', instance: 'web-2' }),
    ],
    signal(),
  );
}

describe('explainAnomaly', () => {
  const platform = withPlatform();
  const openai = fakeOpenai();
  const withModel = (address: string): { environment: Record<string, string> } => ({
    environment: {
      LANGUAGE_MODEL_PROVIDER: 'openai-compatible',
      LANGUAGE_MODEL_ENDPOINT: address,
      LANGUAGE_MODEL_NAME: 'writer',
      LANGUAGE_MODEL_KEY_SECRET: 'writer-key',
      'writer-key': 'k',
    },
  });
  const says = (content: string): { status: number; body: unknown } => ({
    status: 200,
    body: {
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    },
  });

  test('finds a new message however much the instance logged before it', async () => {
    const p = await platform({ overrides: { embeddingService } });
    await storeLogs(p);
    const noise = Array.from({ length: 5_000 }, (_, index) =>
      logEvent({
        instance: 'web-1',
        at: '2026-07-01T11:40:00.000000Z',
        recordId: `noise ${index}`,
        templateId: 'old',
      }),
    );
    await p.warehouse.mergeLogEvents(noise, signal());
    const { evidence } = await explainAnomaly(p, request, signal());
    expect(evidence.map(({ id }) => id)).toContain('template:new');
  });

  test('names what moved, the new message, the incidents alike and what closed them, each with its evidence', async () => {
    const p = await platform({ overrides: { embeddingService } });
    await storeIncidents(p);
    await storeLogs(p);
    const document = await explainAnomaly(p, request, signal());
    const known = new Set(document.evidence.map(({ id }) => id));
    expect([...known]).toEqual([
      'score',
      'feature:disk_used_percent__mean_15m',
      'feature:disk_used_percent__value',
      'feature:error_percent__change_5m',
      'template:new',
      'incident:INC1',
      'incident:INC2',
    ]);
    for (const section of explanationSections) expect(document[section].length).toBeGreaterThan(0);
    for (const { evidence } of everySentence(document)) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(evidence.filter((id) => !known.has(id))).toEqual([]);
    }
    const text = everySentence(document)
      .map((sentence) => sentence.text)
      .join('\n');
    expect(text).toContain('the 15-minute mean of disk_used_percent is 98.77');
    expect(text).toContain('disk_used_percent carries 80 % of what speaks for an anomaly');
    expect(text).toContain(
      '10 minutes earlier the instance began to write a message that was never seen before',
    );
    expect(text).toContain(
      'Try what closed INC1: "Removed old archives; mail [email] when it happens again."',
    );
    expect(text).toContain('2 earlier incidents read alike');
    expect(document).toMatchObject({ writtenBy: 'rules', degraded: false, degradedReason: null });
  });

  test('says so where nothing but the score is known', async () => {
    const p = await platform();
    const bare = { ...request, score: { ...request.score!, contributions: [] } };
    const document = await explainAnomaly(p, bare, signal());
    expect(everySentence(document).every(({ evidence }) => evidence.join() === 'score')).toBe(true);
    expect(document.rootCause[0]!.text).toContain('no single feature stands out');
  });

  test('explains the stored score of the champion, and is kept under one id', async () => {
    const p = await platform();
    const score = {
      instance: 'web-1',
      at,
      model: 'xgboost_anomaly' as const,
      modelVersion: '2026/q3/r1',
      role: 'champion' as const,
      unit: 'web-1',
      score: 0.9,
      label: 1,
      confidence: 0.9,
      threshold: 0.5,
      contributionsJson: JSON.stringify(request.score!.contributions),
      latencyMs: 1,
      scoredAt: at,
    };
    const other = { ...score, model: 'catboost_anomaly' as const, role: 'shadow' as const, score: 0.1 };
    await p.warehouse.mergeAnomalyScores([other, score], signal());
    const first = await explainAnomaly(p, { instance: 'web-1', at }, signal());
    expect(first).toMatchObject({ model: 'xgboost_anomaly', score: 0.9, modelVersion: '2026/q3/r1' });
    const second = await explainAnomaly(p, { instance: 'web-1', at: '2026-07-01T14:00:00+02:00' }, signal());
    expect(second.explanationId).toBe(first.explanationId);
    expect(await readExplanation(p, first.explanationId, signal())).toEqual(second);
    const { explanations } = await listExplanations(p, { limit: 10 }, signal());
    expect(explanations.map(({ explanationId }) => explanationId)).toEqual([first.explanationId]);
  });

  test('a time without a score, and an unknown id, are not found', async () => {
    const p = await platform();
    await expect(explainAnomaly(p, { instance: 'web-1', at }, signal())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(readExplanation(p, '0'.repeat(32), signal())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [run] = await p.warehouse.runs({ pipeline: 'explain', limit: 1 }, signal());
    expect(run).toMatchObject({ status: 'failed', errorCode: 'NOT_FOUND', scope: 'web-1' });
  });

  test("takes a language model's sentences when every one names evidence that there is", async () => {
    const sentence = [{ text: 'The disk is full.', evidence: ['feature:disk_used_percent__value'] }];
    const answer = {
      rootCause: sentence,
      impact: sentence,
      recommendedActions: sentence,
      prevention: sentence,
    };
    const server = await openai(() => says(`\`\`\`json\n${JSON.stringify(answer)}\n\`\`\``));
    const p = await platform(withModel(server.address));
    await storeLogs(p);
    const document = await explainAnomaly(p, request, signal());
    expect(document).toMatchObject({ ...answer, writtenBy: 'language-model', degraded: false });
    // Log text is inside the fence, never among the instructions.
    const messages = server.calls[0]!.body['messages'] as { role: string; content: string }[];
    expect(messages.find(({ role }) => role === 'system')!.content).not.toContain('no space left');
    expect(messages.find(({ role }) => role === 'user')!.content).toContain('no space left');
  });

  test.each([
    ['prose', 'It is the disk.'],
    ['a missing section', '{"rootCause":[{"text":"x","evidence":["score"]}]}'],
    ['evidence that there is not', sections({ text: 'x', evidence: ['incident:INC9'] })],
    ['a sentence without evidence', sections({ text: 'x', evidence: [] })],
    ['an address', sections({ text: 'see https://example.com', evidence: ['score'] })],
    ['markup', sections({ text: '<img src=x>', evidence: ['score'] })],
  ])('falls back to the rules, and says so, when a language model answers %s', async (_, content) => {
    const server = await openai(() => says(content));
    const p = await platform(withModel(server.address));
    const document = await explainAnomaly(p, request, signal());
    expect(document).toMatchObject({
      writtenBy: 'rules',
      degraded: true,
      degradedReason: 'LANGUAGE_MODEL_MALFORMED',
    });
    expect(document.rootCause[0]!.text).toContain('disk_used_percent');
    const [run] = await p.warehouse.runs({ pipeline: 'explain', limit: 1 }, signal());
    expect(run).toMatchObject({ status: 'partial', errorCode: 'LANGUAGE_MODEL_MALFORMED' });
  });

  test('falls back to the rules when the language model refuses', async () => {
    const server = await openai(() => ({ status: 400, body: { error: { message: 'no' } } }));
    const p = await platform(withModel(server.address));
    expect(await explainAnomaly(p, request, signal())).toMatchObject({
      degraded: true,
      degradedReason: 'LANGUAGE_MODEL_REJECTED',
    });
  });
});

function sections(sentence: { text: string; evidence: string[] }): string {
  const list = [sentence];
  return JSON.stringify({ rootCause: list, impact: list, recommendedActions: list, prevention: list });
}
