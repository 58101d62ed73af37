import { QuarterdeckError } from '../../contracts';

/** The folder as a whole cannot be used: not this blob, every blob would fail. */
const unusable = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'EIO'];

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What a failure of the file system means for the blob that was asked for. */
export function folderError(error: unknown, blob: string, root: string): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  if (unusable.includes(code)) {
    return new QuarterdeckError('DATA_FOLDER_UNUSABLE', `${root}: ${code}`, {
      culprit: { folder: root },
      cause: error,
    });
  }
  return new QuarterdeckError('STORAGE_REJECTED', `${blob}: the folder does not take it (${code})`, {
    culprit: { blob },
    cause: error,
  });
}
