import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { QuarterdeckError } from '../../contracts';
import { stoppedError } from '../stopping';
import type { Telemetry } from '../telemetry/telemetry';
import { toUnitLength } from './embeddingAnswer';
import type { EmbeddingService } from './embeddingService';
import { readSentenceModel, type SentenceModel } from './sentenceModelFolder';
import { encodeText } from './wordPiece';

export interface OnnxEmbeddingOptions {
  readonly folder: string;
  readonly width: number;
  readonly threads: number;
  readonly telemetry: Telemetry;
}

/** Texts in one run: enough to fill the cores, short enough to stop within a second or so. */
const textsPerRun = 16;

interface LoadedModel {
  readonly model: SentenceModel;
  readonly session: InferenceSession;
}

/**
 * A sentence-transformer in ONNX from a folder (Reimers and Gurevych, 2019): WordPiece tokens, the transformer's
 * last hidden state, pooled over the tokens of each text. The runtime gets bytes, not a path, so a model cannot
 * pull in other files.
 *
 * The folder is read at the first use, also of the name, which holds the digest of the weights. That throws
 * SETTINGS_INVALID when the folder does not hold such a model; EMBEDDING_MALFORMED says that its vectors have
 * another width than EMBEDDING_WIDTH.
 */
export function onnxEmbedding(options: OnnxEmbeddingOptions): EmbeddingService {
  const { width, telemetry } = options;
  let read: SentenceModel | undefined;
  const sentenceModel = (): SentenceModel => (read ??= readSentenceModel(options.folder));
  let loading: Promise<LoadedModel> | undefined;
  return {
    get model() {
      return sentenceModel().name;
    },
    width,
    async embed(texts, { signal }) {
      if (signal.aborted) throw stoppedError(signal);
      const model = sentenceModel();
      const loaded = await (loading ??= load(model, options.threads));
      const vectors: Float32Array[] = Array.from(texts, () => new Float32Array(width));
      const tokens = texts.map((text) => encodeText(text, model.vocabulary, model.maximumTokens));
      // Texts of like length share a run, so that little is padded; start and end alone are no content.
      const rows = texts.flatMap((_, row) => (tokens[row]!.length > 2 ? [row] : []));
      rows.sort((a, b) => tokens[a]!.length - tokens[b]!.length);
      for (let start = 0; start < rows.length; start += textsPerRun) {
        if (signal.aborted) throw stoppedError(signal);
        const batch = rows.slice(start, start + textsPerRun);
        const found = await runModel(
          loaded,
          batch.map((row) => tokens[row]!),
          width,
        );
        found.forEach((vector, index) => {
          if (!toUnitLength(vector))
            throw malformed(model.name, 'a vector is zero or not finite', batch[index]);
          vectors[batch[index]!] = vector;
        });
      }
      telemetry.metric('embedding.texts', texts.length, { model: model.name });
      return vectors;
    },
  };
}

async function load(model: SentenceModel, threads: number): Promise<LoadedModel> {
  const { InferenceSession } = require('onnxruntime-node') as typeof import('onnxruntime-node');
  try {
    const session = await InferenceSession.create(model.weights, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    return { model, session };
  } catch (error) {
    throw new QuarterdeckError('SETTINGS_INVALID', `EMBEDDING_ONNX_FOLDER: ${model.name} cannot be loaded`, {
      culprit: { setting: 'EMBEDDING_ONNX_FOLDER' },
      cause: error,
    });
  }
}

/** One vector per list of tokens. */
async function runModel(
  { model, session }: LoadedModel,
  tokens: readonly (readonly number[])[],
  width: number,
): Promise<Float32Array[]> {
  const length = Math.max(...tokens.map((ids) => ids.length));
  const ids = new BigInt64Array(tokens.length * length).fill(BigInt(model.vocabulary.padding));
  const mask = new BigInt64Array(tokens.length * length);
  tokens.forEach((row, index) => {
    row.forEach((id, position) => {
      ids[index * length + position] = BigInt(id);
      mask[index * length + position] = 1n;
    });
  });
  const { Tensor } = require('onnxruntime-node') as typeof import('onnxruntime-node');
  const inputs: Record<string, BigInt64Array> = {
    input_ids: ids,
    attention_mask: mask,
    token_type_ids: new BigInt64Array(ids.length),
  };
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    const values = inputs[name];
    if (!values) throw malformed(model.name, `the model wants an input ${name}, which we do not know`);
    feeds[name] = new Tensor('int64', values, [tokens.length, length]);
  }
  const outputs = await session.run(feeds);
  const sentence = outputs.sentence_embedding;
  if (sentence) {
    const values = floats(model.name, sentence, [tokens.length, width]);
    return tokens.map((_, row) => values.slice(row * width, (row + 1) * width));
  }
  const hidden = outputs.last_hidden_state ?? outputs[session.outputNames[0]!];
  if (!hidden) throw malformed(model.name, 'the model has no output');
  const values = floats(model.name, hidden, [tokens.length, length, width]);
  return tokens.map((row, index) => {
    const own = values.subarray(index * length * width, (index + 1) * length * width);
    return pool(own, model.pooling === 'mean' ? row.length : 1, width);
  });
}

/** Mean of the first `count` hidden vectors; padding never counts. */
function pool(hidden: Float32Array, count: number, width: number): Float32Array {
  const mean = new Float32Array(width);
  for (let position = 0; position < count; position++) {
    for (let index = 0; index < width; index++) mean[index]! += hidden[position * width + index]! / count;
  }
  return mean;
}

function floats(name: string, tensor: Tensor, shape: readonly number[]): Float32Array {
  if (tensor.type !== 'float32' || tensor.dims.join() !== shape.join()) {
    throw malformed(
      name,
      `it answers ${tensor.type} [${tensor.dims.join(', ')}], float32 [${shape.join(', ')}] was expected (EMBEDDING_WIDTH)`,
    );
  }
  return tensor.data as Float32Array;
}

function malformed(name: string, why: string, row?: number): QuarterdeckError {
  return new QuarterdeckError('EMBEDDING_MALFORMED', `${name}: ${why}`, {
    culprit: { service: name, ...(row !== undefined && { row }) },
  });
}
