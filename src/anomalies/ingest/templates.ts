import { toTimestamp, type LogTemplate } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { TemplateStore } from '../logs';
import type { UntemplatedEvent } from './checkLog';

interface Held {
  readonly store: TemplateStore;
  /** What the table is known to hold, by template id. */
  readonly stored: Map<string, LogTemplate>;
}

/** One for each platform: what it holds in memory belongs to the blobs that it was read from. */
const held = new WeakMap<Platform['blobs'], Held>();

/**
 * Finds each event's template, and stores those that the table does not have yet, or has in an older version: also
 * those that an earlier process mined and died before it stored them.
 */
export async function assignTemplates(
  platform: Platform,
  events: readonly UntemplatedEvent[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let known = held.get(platform.blobs);
  if (!known) held.set(platform.blobs, (known = { store: new TemplateStore(platform), stored: new Map() }));
  const { store, stored } = known;
  const { ids, used } = await store.assign(
    events.map(({ message }) => message),
    signal,
  );
  const isStored = ({ id, version }: { readonly id: string; readonly version: number }): boolean =>
    (stored.get(id)?.version ?? 0) >= version;
  if (used.every(({ template }) => isStored(template))) return ids;
  for (const template of await platform.warehouse.logTemplates(signal)) {
    stored.set(template.templateId, template);
  }
  const updatedAt = toTimestamp(platform.clock.now());
  const rows = used
    .filter(({ template }) => !isStored(template))
    .map(({ template: { id, version, text }, message }): LogTemplate => {
      const first = events[message]!;
      const before = stored.get(id);
      return {
        templateId: id,
        version,
        template: text,
        firstSeenAt: before?.firstSeenAt ?? first.at,
        firstInstance: before?.firstInstance ?? first.instance,
        updatedAt,
      };
    });
  await platform.warehouse.mergeLogTemplates(rows, signal);
  for (const row of rows) stored.set(row.templateId, row);
  return ids;
}
