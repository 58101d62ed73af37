export * from './features';
export { answerIngest, type IngestRequest } from './ingest/answerIngest';
export { ingestBatch, type IncomingBatch, type Ingested } from './ingest/ingestBatch';
export { ingestMessageSchema, workBatch } from './ingest/workBatch';
