/** Queues between the parts of Quarterdeck, by name; each has a `-poison` twin for messages that failed too often. */
export const preprocessQueue = 'preprocess-requests';
export const trainQueue = 'train-requests';
export const predictQueue = 'predict-requests';
export const ingestQueue = 'ingest-batches';
export const pullQueue = 'pull-requests';
export const scoreQueue = 'score-requests';
export const explainQueue = 'explain-requests';
export const alertIngestQueue = 'alert-batches';
export const alertGroupQueue = 'alert-group-requests';
/** As the Functions host calls it: blobs that failed too often lie in its `-poison` twin. */
export const blobTriggerQueue = 'webjobs-blobtrigger';

/** All of them, for what watches over waiting and poisoned messages. */
export const workQueues: readonly string[] = [
  preprocessQueue,
  trainQueue,
  predictQueue,
  ingestQueue,
  pullQueue,
  scoreQueue,
  explainQueue,
  alertIngestQueue,
  alertGroupQueue,
  blobTriggerQueue,
];
