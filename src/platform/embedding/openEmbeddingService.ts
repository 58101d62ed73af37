import type { Clock, Random } from '../../contracts';
import { tokenFor } from '../openai/tokenFor';
import type { Secrets } from '../secrets/secrets';
import { required } from '../settings/required';
import type { Settings } from '../settings/settings';
import type { Telemetry } from '../telemetry/telemetry';
import type { EmbeddingService } from './embeddingService';
import { onnxEmbedding } from './onnxEmbedding';
import { remoteEmbedding } from './remoteEmbedding';

/** The embedding service that the settings choose; undefined for the local embedder, which is a trained model. */
export function openEmbeddingService(
  settings: Settings,
  parts: {
    readonly clock: Clock;
    readonly random: Random;
    readonly telemetry: Telemetry;
    readonly secrets: Secrets;
  },
): EmbeddingService | undefined {
  const provider = settings.EMBEDDING_PROVIDER;
  if (provider === 'local') return undefined;
  if (provider === 'onnx') {
    return onnxEmbedding({
      folder: required(settings, 'EMBEDDING_ONNX_FOLDER'),
      width: settings.EMBEDDING_WIDTH,
      threads: settings.QUARTERDECK_MAX_THREADS,
      telemetry: parts.telemetry,
    });
  }
  return remoteEmbedding({
    ...parts,
    provider,
    endpoint: required(settings, 'EMBEDDING_ENDPOINT'),
    model: settings.EMBEDDING_MODEL,
    width: settings.EMBEDDING_WIDTH,
    token: tokenFor(settings, provider, settings.EMBEDDING_KEY_SECRET, parts.secrets),
  });
}
