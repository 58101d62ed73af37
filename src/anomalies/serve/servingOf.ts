import type { Blobs } from '../../platform/blobs/blobs';
import { OnnxSessions } from '../../platform/onnx/onnxSessions';
import type { Platform } from '../../platform/platform';
import { CanaryHealth } from '../route/canary/canaryHealth';
import { RegistryRouter } from '../route/registryRouter';
import { SplitCounter } from '../route/splitCounter';
import { ModelServer } from './modelServer';
import { registrySource } from './registrySource';
import type { Serving } from './serving';

export interface ProcessServing extends Serving {
  readonly router: RegistryRouter;
}

/** Lives as long as the platform's storage does: sessions stay warm from request to request. */
const servings = new WeakMap<Blobs, ProcessServing>();

export function servingOf(platform: Platform): ProcessServing {
  let serving = servings.get(platform.blobs);
  if (!serving) {
    const largestModelBytes = platform.settings.ANOMALY_MODEL_BYTES;
    const sessions = (threads: number): OnnxSessions =>
      new OnnxSessions({ limits: { largestModelBytes }, threads });
    const source = registrySource(platform, {
      one: sessions(1),
      all: sessions(platform.settings.QUARTERDECK_MAX_THREADS),
    });
    serving = {
      platform,
      server: new ModelServer(source, platform),
      router: new RegistryRouter(platform),
      health: new CanaryHealth(platform),
      split: new SplitCounter(),
    };
    const { health } = serving;
    platform.later.atEnd('canary health', () => health.flush());
    servings.set(platform.blobs, serving);
  }
  return serving;
}
