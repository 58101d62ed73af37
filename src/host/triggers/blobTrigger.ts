import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { RegisteredFunction } from '../app/app';
import type { TypedData } from '../app/functionsCore';
import { BlobContainer, type ReadBlob } from '../blobs/blobContainer';
import { parseBlobPath, type BlobPath } from '../blobs/blobPath';
import { BlobScan } from '../blobs/blobScan';
import { connectionString, defaultConnection } from '../configuration/connection';
import { resolveSettings } from '../configuration/resolveSetting';
import { QueueListener } from '../queues/queueListener';
import type { TriggerKind } from './triggerKind';

const bindingSchema = z.looseObject({
  path: z.string().min(1),
  connection: z.string().min(1).default(defaultConnection),
  // Where news of blobs comes from in Azure; here the container is looked at, whatever is named.
  source: z.enum(['LogsAndContainerScan', 'EventGrid']).default('LogsAndContainerScan'),
});
const messageSchema = z.object({ BlobName: z.string(), ETag: z.string() });

/** Of every app in Azure: where blobs go that failed too often. */
const poisonQueueName = 'webjobs-blobtrigger-poison';
/** Azure's limit for the name of a queue. */
const longestQueueName = 63;

/**
 * Blob trigger: one invocation for every new or changed blob whose name fits the path. Blobs come by a queue, so
 * they are tried as often as its messages are (maxDequeueCount of host.json), then lie in the poison queue.
 */
export const blobTrigger: TriggerKind = (target, host) => {
  const where = `function "${target.name}"`;
  const refuse = (why: string): QuarterdeckError =>
    new QuarterdeckError('FUNCTIONS_APP_INVALID', `${where}: ${why}`, { culprit: { function: target.name } });
  const parsed = bindingSchema.safeParse(target.trigger);
  if (!parsed.success) throw refuse(`its blob trigger does not fit: ${parsed.error.issues[0]?.message}`);
  const { connection } = parsed.data;
  const text = resolveSettings(parsed.data.path, host.environment, where);
  const path = parseBlobPath(text);
  if (!path) throw refuse(`"${text}" is no path of a container and a blob name`);
  const container = new BlobContainer(connectionString(connection, host.environment, where), path.container);
  const hostId = host.environment['AzureFunctionsWebHost__hostid'] || 'local';
  const queueOf = (queueName: string) =>
    host.queues.queueOf({ ...target.trigger, queueName, connection }, where);
  // The real host has one queue for all its functions; one for each keeps them out of each other's way.
  const queueName = `azure-webjobs-blobtrigger-${hostId}-${target.name}`.toLowerCase();
  const queue = queueOf(queueName.replaceAll(/[^a-z0-9-]/g, '').slice(0, longestQueueName));
  const scan = new BlobScan({
    functionName: target.name,
    hostId,
    container,
    path,
    queue,
    clock: host.clock,
    log: host.log,
  });
  const run = (blob: ReadBlob) =>
    host.invoker.invoke(target, { data: { bytes: blob.bytes }, metadata: metadataOf(path, blob) });
  const listener = new QueueListener({
    queue,
    poison: queueOf(poisonQueueName),
    options: host.hostJson.extensions.queues,
    clock: host.clock,
    random: host.random.fork(target.name),
    log: host.log,
    handle: async (_message, body) => {
      const { BlobName: name, ETag: etag } = messageSchema.parse(JSON.parse(body.toString('utf8')));
      const blob = await container.read({ name, etag });
      // Gone or changed since: then there is nothing to do, or another message comes.
      if (blob) await run(blob);
    },
  });
  return {
    start: async () => {
      listener.start();
      scan.start();
    },
    stop: async () => {
      await Promise.all([scan.stop(), listener.stop()]);
    },
    settled: () => listener.settled(),
    waiting: async (signal) => {
      await scan.now();
      listener.wake();
      return queue.count(signal);
    },
    invoke: async (input) => run(await namedBlob(target, path, container, input)),
  };
};

/** By hand, as in the real host: the input is `container/name`. */
async function namedBlob(
  target: RegisteredFunction,
  path: BlobPath,
  container: BlobContainer,
  input: unknown,
): Promise<ReadBlob> {
  const prefix = `${path.container}/`;
  const refuse = (why: string): QuarterdeckError =>
    new QuarterdeckError('INPUT_INVALID', `function "${target.name}": ${why}`, {
      culprit: { field: 'input' },
    });
  if (typeof input !== 'string' || !input.startsWith(prefix)) {
    throw refuse(`expected the path of a blob, ${prefix}…`);
  }
  const name = input.slice(prefix.length);
  const found = (await container.list(name, AbortSignal.timeout(listLimitMs))).find(
    (one) => one.name === name,
  );
  const blob = found && (await container.read(found));
  if (!blob) throw refuse(`there is no blob ${input}`);
  return blob;
}

const listLimitMs = 30_000;

/** Names and types as the real host sends them; `@azure/functions` puts the keys into camel case. */
function metadataOf(path: BlobPath, blob: ReadBlob): Record<string, TypedData> {
  const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) });
  return {
    ...Object.fromEntries(
      Object.entries(path.match(blob.name) ?? {}).map(([name, value]) => [name, json(value)]),
    ),
    BlobTrigger: json(`${path.container}/${blob.name}`),
    Uri: json(blob.uri),
    Properties: json({
      ETag: blob.etag,
      ContentLength: blob.bytes.length,
      ContentType: blob.contentType,
      LastModified: blob.lastModified,
    }),
    Metadata: json(blob.metadata),
  };
}
