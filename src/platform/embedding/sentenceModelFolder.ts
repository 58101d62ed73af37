import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { WordPieceVocabulary } from './wordPiece';

/** A sentence-transformer as its folder describes it. */
export interface SentenceModel {
  /** Folder name and the start of the weights' digest: other weights are another model. */
  readonly name: string;
  readonly weights: Uint8Array;
  readonly vocabulary: WordPieceVocabulary;
  readonly maximumTokens: number;
  readonly pooling: 'mean' | 'first-token';
}

/** Larger models are not for embedding tickets on one machine. */
const largestModelBytes = 2 ** 30;
const defaultMaximumTokens = 256;

const tokenizerSchema = z.object({
  model: z.object({
    type: z.literal('WordPiece').optional(),
    vocab: z.record(z.string(), z.number().int()),
    unk_token: z.string().default('[UNK]'),
    continuing_subword_prefix: z.string().default('##'),
  }),
  normalizer: z
    .object({ lowercase: z.boolean().default(true), strip_accents: z.boolean().nullable().default(null) })
    .nullish(),
});
const poolingSchema = z.object({ pooling_mode_cls_token: z.boolean().default(false) });
const lengthSchema = z.object({ max_seq_length: z.number().int().min(3) });

/**
 * Reads `model.onnx` (or `onnx/model.onnx`), the vocabulary from `tokenizer.json` or `vocab.txt`, and, where they
 * are there, `1_Pooling/config.json` and `sentence_bert_config.json`. Synchronous, since it is done once and the name of an
 * embedder may not be a promise.
 * @throws SETTINGS_INVALID naming EMBEDDING_ONNX_FOLDER and the file.
 */
export function readSentenceModel(folder: string): SentenceModel {
  const weights = readWeights(join(folder, 'model.onnx')) ?? readWeights(join(folder, 'onnx', 'model.onnx'));
  if (!weights) throw invalid(folder, 'it holds no model.onnx');
  const digest = createHash('sha256').update(weights).digest('hex').slice(0, 12);
  const pooling = readJson(folder, '1_Pooling/config.json', poolingSchema);
  const length = readJson(folder, 'sentence_bert_config.json', lengthSchema);
  return {
    name: `onnx/${basename(folder)}@${digest}`,
    weights,
    vocabulary: readVocabulary(folder),
    maximumTokens: length?.max_seq_length ?? defaultMaximumTokens,
    pooling: pooling?.pooling_mode_cls_token ? 'first-token' : 'mean',
  };
}

function readWeights(path: string): Uint8Array | undefined {
  let size: number;
  try {
    ({ size } = statSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (size > largestModelBytes)
    throw invalid(path, `it has ${size} bytes, at most ${largestModelBytes} are loaded`);
  return readFileSync(path);
}

function readVocabulary(folder: string): WordPieceVocabulary {
  const tokenizer = readJson(folder, 'tokenizer.json', tokenizerSchema);
  if (tokenizer) {
    const { model, normalizer } = tokenizer;
    const lowercase = normalizer?.lowercase ?? false;
    return vocabularyOf(folder, new Map(Object.entries(model.vocab)), {
      unknown: model.unk_token,
      continuation: model.continuing_subword_prefix,
      lowercase,
      stripAccents: normalizer?.strip_accents ?? lowercase,
    });
  }
  const text = readText(folder, 'vocab.txt');
  if (text === undefined) throw invalid(folder, 'it holds neither tokenizer.json nor vocab.txt');
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const settings = readJson(
    folder,
    'tokenizer_config.json',
    z.object({ do_lower_case: z.boolean().default(true) }),
  );
  const lowercase = settings?.do_lower_case ?? true;
  return vocabularyOf(folder, new Map(lines.map((token, id) => [token, id])), {
    unknown: '[UNK]',
    continuation: '##',
    lowercase,
    stripAccents: lowercase,
  });
}

function vocabularyOf(
  folder: string,
  ids: ReadonlyMap<string, number>,
  rest: { unknown: string; continuation: string; lowercase: boolean; stripAccents: boolean },
): WordPieceVocabulary {
  const idOf = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined) throw invalid(folder, `its vocabulary has no ${token}`);
    return id;
  };
  return {
    ...rest,
    ids,
    unknown: idOf(rest.unknown),
    start: idOf('[CLS]'),
    end: idOf('[SEP]'),
    padding: idOf('[PAD]'),
  };
}

function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): T | undefined {
  const text = readText(folder, name);
  if (text === undefined) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw invalid(join(folder, name), 'it is not JSON', error);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(join(folder, name), `${issue?.path.join('.')}: ${issue?.message}`);
}

function readText(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function invalid(path: string, why: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('SETTINGS_INVALID', `EMBEDDING_ONNX_FOLDER: ${path}: ${why}`, {
    culprit: { setting: 'EMBEDDING_ONNX_FOLDER' },
    cause,
  });
}
