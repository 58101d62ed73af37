import { isQuarterdeckError } from '../../contracts';
import { TemplateMiner, type Template } from '../../learn/templates';
import type { Platform } from '../../platform/platform';

/**
 * The templates that all instances of the app share. What was mined lives in one blob; a batch that teaches it
 * something is written back under the blob's ETag, and mined again on what somebody else wrote meanwhile, so that
 * every id handed out is one that the next process knows.
 */
export const templateStateBlob = 'monitoring/anomaly/log_templates.json';

export interface AssignedTemplates {
  /** Template of each message, in order. */
  readonly ids: readonly string[];
  /** Every template of the batch, with the first message that has it. */
  readonly used: readonly { readonly template: Template; readonly message: number }[];
  /** Templates that this batch founded or made more general, with the first message that did. */
  readonly changed: readonly {
    readonly template: Template;
    readonly isNew: boolean;
    readonly message: number;
  }[];
}

type StorePlatform = Pick<Platform, 'blobs' | 'telemetry'>;

/** Each loser of a race lets somebody else win, so more rounds than writers are not to be expected. */
const mostRounds = 20;

export class TemplateStore {
  private held: { miner: TemplateMiner; etag: string | undefined } | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly platform: StorePlatform) {}

  /**
   * Templates of a batch of messages. Batches of one process take turns.
   * @throws STORAGE_UNAVAILABLE, BLOB_CHANGED when others write without end, MODEL_BYTES_INVALID when the blob is damaged
   */
  async assign(messages: readonly string[], signal: AbortSignal): Promise<AssignedTemplates> {
    const turn = this.last.then(() => this.assignInTurn(messages, signal));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async assignInTurn(messages: readonly string[], signal: AbortSignal): Promise<AssignedTemplates> {
    for (let round = 1; ; round++) {
      const state = (this.held ??= await this.load(signal));
      const assigned = mineAll(state.miner, messages);
      if (assigned.changed.length === 0) return assigned;
      try {
        const { etag } = await this.platform.blobs.write(templateStateBlob, state.miner.toBytes(), {
          ...(state.etag === undefined ? { create: true } : { ifMatch: state.etag }),
          contentType: 'application/json',
          signal,
        });
        this.held = { miner: state.miner, etag };
        const founded = assigned.changed.filter(({ isNew }) => isNew).length;
        this.platform.telemetry.metric('log.templates.new', founded, {});
        this.platform.telemetry.metric('log.templates.generalised', assigned.changed.length - founded, {});
        return assigned;
      } catch (error) {
        // What was learnt in memory was not written: the next batch begins from what is stored.
        this.held = undefined;
        const lost = isQuarterdeckError(error, 'BLOB_CHANGED') || isQuarterdeckError(error, 'BLOB_EXISTS');
        if (!lost || round === mostRounds) throw error;
      }
    }
  }

  private async load(signal: AbortSignal): Promise<{ miner: TemplateMiner; etag: string | undefined }> {
    try {
      const { bytes, etag } = await this.platform.blobs.read(templateStateBlob, signal);
      return { miner: TemplateMiner.fromBytes(bytes), etag };
    } catch (error) {
      if (!isQuarterdeckError(error, 'BLOB_MISSING')) throw error;
      return { miner: new TemplateMiner(), etag: undefined };
    }
  }
}

function mineAll(miner: TemplateMiner, messages: readonly string[]): AssignedTemplates {
  const changed = new Map<string, { isNew: boolean; message: number; template: Template }>();
  const used = new Map<string, { template: Template; message: number }>();
  const ids = messages.map((message, index) => {
    const { template, isNew, generalised } = miner.mine(message);
    const { id } = template;
    if (!used.has(id)) used.set(id, { template, message: index });
    if ((isNew || generalised) && !changed.has(id)) changed.set(id, { template, isNew, message: index });
    return id;
  });
  return {
    ids,
    used: [...used.values()].map(({ template: { id, version, text }, message }) => ({
      template: { id, version, text },
      message,
    })),
    changed: [...changed.values()].map(({ template: { id, version, text }, isNew, message }) => ({
      template: { id, version, text },
      isNew,
      message,
    })),
  };
}
