export * from './features';
export { answerIngest, type IngestRequest } from './ingest/answerIngest';
export { ingestBatch, type IncomingBatch, type Ingested } from './ingest/ingestBatch';
export { ingestMessageSchema, workBatch } from './ingest/workBatch';
export { importFile, type ImportControl, type ImportedFile } from './ingest/files/importFile';
export type { ObservationFileOptions } from './ingest/files/decodeFile';
