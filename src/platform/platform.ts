import type { Clock } from '../contracts';
import type { ThreadPool } from '../learn/threads';
import type { Blobs } from './blobs/blobs';
import type { EmbeddingService } from './embedding/embeddingService';
import type { LanguageModel } from './language/languageModel';
import type { LaterWork } from './laterWork';
import type { Queues } from './queues/queues';
import type { Secrets } from './secrets/secrets';
import type { Settings } from './settings/settings';
import type { LogSources } from './sources/logSource';
import type { Telemetry } from './telemetry/telemetry';
import type { Warehouse } from './warehouse/warehouse';

/** Everything outside the process, as the domains see it. compose.ts builds one from settings. */
export interface Platform {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly secrets: Secrets;
  readonly warehouse: Warehouse;
  readonly blobs: Blobs;
  /** Records as they were received, in a container of their own. */
  readonly rawLogs: Blobs;
  readonly queues: Queues;
  /** Where logs and metrics are fetched from. */
  readonly logSources: LogSources;
  /** Undefined when the local embedder is used: that one is a trained model and comes from the registry. */
  readonly embeddingService: EmbeddingService | undefined;
  readonly languageModel: LanguageModel | undefined;
  readonly threads: ThreadPool;
  readonly later: LaterWork;
  /** A new unique id (run ids, lease holders). */
  newId(): string;
  close(): Promise<void>;
}
