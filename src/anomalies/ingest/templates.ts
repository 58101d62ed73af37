import { toTimestamp, type LogTemplate } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { TemplateStore } from '../logs';
import type { UntemplatedEvent } from './checkLog';

/** One store for each platform: what it holds in memory belongs to the blobs that it was read from. */
const stores = new WeakMap<Platform['blobs'], TemplateStore>();

/** Finds each event's template, and stores those that are new or have changed. */
export async function assignTemplates(
  platform: Platform,
  events: readonly UntemplatedEvent[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  let store = stores.get(platform.blobs);
  if (!store) stores.set(platform.blobs, (store = new TemplateStore(platform)));
  const { ids, changed } = await store.assign(
    events.map(({ message }) => message),
    signal,
  );
  if (changed.length > 0) {
    const updatedAt = toTimestamp(platform.clock.now());
    const known = new Map(
      (await platform.warehouse.logTemplates(signal)).map((template) => [template.templateId, template]),
    );
    const rows = changed.map(({ template, message }): LogTemplate => {
      const first = events[message]!;
      const stored = known.get(template.id);
      return {
        templateId: template.id,
        version: template.version,
        template: template.text,
        firstSeenAt: stored?.firstSeenAt ?? first.at,
        firstInstance: stored?.firstInstance ?? first.instance,
        updatedAt,
      };
    });
    await platform.warehouse.mergeLogTemplates(rows, signal);
  }
  return ids;
}
