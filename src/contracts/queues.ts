/** Queues between the parts of Quarterdeck, by name; each has a `-poison` twin for messages that failed too often. */
export const ingestQueue = 'ingest-batches';
export const pullQueue = 'pull-requests';
