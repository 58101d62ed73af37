import { bulkhead } from 'cockatiel';
import { isQuarterdeckError, QuarterdeckError, type Clock, type Random } from '../../contracts';
import { openaiService, type OpenaiService, type OpenaiServiceOptions } from '../openai/openaiService';
import type { ServiceToken } from '../openai/serviceToken';
import type { RetryPolicy } from '../retry';
import { stoppedError } from '../stopping';
import type { Telemetry } from '../telemetry/telemetry';
import { readAnswer } from './embeddingAnswer';
import type { EmbeddingService } from './embeddingService';
import { batchTexts, type TextBatch } from './textBatches';

export interface RemoteEmbeddingOptions {
  readonly provider: OpenaiServiceOptions['provider'];
  readonly endpoint: string;
  readonly model: string;
  readonly width: number;
  readonly token: ServiceToken;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/**
 * OpenAI takes 2,048 texts, 300,000 tokens and 8,192 tokens a text; a share of that keeps one answer at a few
 * megabytes and a repeated request cheap.
 */
const limits = { texts: 256, tokens: 100_000, tokensPerText: 8_000 };
const requestsAtOnce = 4;
/** An answer of 256 vectors takes a second or two; a minute's pause is the most that services ask for in earnest. */
const policy: RetryPolicy = {
  attempts: 6,
  attemptLimitMs: 30_000,
  firstDelayMs: 500,
  maximumDelayMs: 20_000,
  longestWaitMs: 60_000,
};
/** Widths that a model has by itself; only another one is asked for, since other models refuse the parameter. */
const ownWidths: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1_536,
  'text-embedding-3-large': 3_072,
};

/**
 * Embeddings from Azure OpenAI, or from any service with the same protocol. Requests are bounded in texts, tokens
 * and number; when the service refuses a request of several texts, it is halved until the text at fault is found.
 */
export function remoteEmbedding(options: RemoteEmbeddingOptions): EmbeddingService {
  const { model, width, telemetry } = options;
  const service = openaiService({
    ...options,
    policy,
    codes: {
      service: `embedding ${model}`,
      rateLimited: 'EMBEDDING_RATE_LIMITED',
      unavailable: 'EMBEDDING_UNAVAILABLE',
      rejected: 'EMBEDDING_REJECTED',
    },
    onRetry: (error) => telemetry.metric('embedding.retry', 1, { model, errorCode: error.code }),
  });
  const gate = bulkhead(requestsAtOnce, Number.POSITIVE_INFINITY);
  return {
    // Vectors of the same model in another width are others.
    model: `${model}/${width}`,
    width,
    async embed(texts, { signal }) {
      if (signal.aborted) throw stoppedError(signal);
      const vectors: Float32Array[] = Array.from(texts, () => new Float32Array(0));
      // One that fails stops the others: their answers would be thrown away.
      const failed = new AbortController();
      const both = AbortSignal.any([signal, failed.signal]);
      const embedBatch = async (batch: TextBatch): Promise<void> => {
        try {
          const found = await requestBatch(service, batch, model, width, both);
          found.forEach((vector, index) => {
            vectors[batch.rows[index]!] = vector;
          });
        } catch (error) {
          failed.abort(error);
          throw error;
        }
      };
      const batches = batchTexts(texts, limits);
      await Promise.all(batches.map((batch) => gate.execute(() => embedBatch(batch))));
      telemetry.metric('embedding.texts', texts.length, { model });
      return vectors.map((vector) => (vector.length === width ? vector : new Float32Array(width)));
    },
  };
}

/** Vectors of one batch. A refused batch is halved, so that the error names the text. */
async function requestBatch(
  service: OpenaiService,
  { rows, texts }: TextBatch,
  model: string,
  width: number,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  try {
    const dimensions = ownWidths[model] === undefined || ownWidths[model] === width ? undefined : width;
    const answer = await service.call(signal, (client, request) =>
      client.embeddings.create(
        {
          model,
          input: [...texts],
          encoding_format: 'base64',
          ...(dimensions !== undefined && { dimensions }),
        },
        request,
      ),
    );
    return readAnswer(answer, texts.length, width, `embedding ${model}`);
  } catch (error) {
    if (isQuarterdeckError(error, 'EMBEDDING_REJECTED') && texts.length > 1) {
      const middle = Math.ceil(texts.length / 2);
      const halves = [
        { rows: rows.slice(0, middle), texts: texts.slice(0, middle) },
        { rows: rows.slice(middle), texts: texts.slice(middle) },
      ];
      const vectors: Float32Array[] = [];
      for (const half of halves) vectors.push(...(await requestBatch(service, half, model, width, signal)));
      return vectors;
    }
    throw withRow(error, rows);
  }
}

/** The error with the text's place in the caller's list in the place of that in the request. */
function withRow(error: unknown, rows: readonly number[]): unknown {
  if (!isQuarterdeckError(error)) return error;
  const within = error.culprit.row ?? (rows.length === 1 ? 0 : undefined);
  if (within === undefined || !error.code.startsWith('EMBEDDING_')) return error;
  const row = rows[within] ?? within;
  return new QuarterdeckError(error.code, `${error.message} (text ${row})`, {
    culprit: { ...error.culprit, row },
    cause: error.cause,
    retryAfterMs: error.retryAfterMs,
  });
}
