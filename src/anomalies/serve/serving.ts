import type { Platform } from '../../platform/platform';
import type { CanaryHealth } from '../route/canary/canaryHealth';
import type { Router } from '../route/router';
import type { SplitCounter } from '../route/splitCounter';
import type { ModelServer } from './modelServer';

/** What answers are made with. */
export interface Serving {
  readonly platform: Pick<Platform, 'blobs' | 'clock' | 'telemetry' | 'newId'>;
  readonly server: ModelServer;
  readonly router: Router;
  readonly health: CanaryHealth;
  readonly split: SplitCounter;
}
