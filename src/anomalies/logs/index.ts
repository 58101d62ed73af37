export { levelOfNumber, levelOfWord } from './level';
export { localOffsetOf, type LocalOffset } from './time/zone';
export { parseLogRecord } from './parseRecord';
export { recordFromObject } from './formats/json';
export { RecordSplitter, longestRecord } from './splitRecords';
export type { LogFormat, Metadata, ParseContext, ParsedRecord } from './parsedRecord';
export { TemplateStore, templateStateBlob, type AssignedTemplates } from './templateStore';
