import { join } from 'node:path';

/**
 * Blob names as paths of a folder. A segment stays as it is unless a file system would read something into it:
 * percent signs, a leading dot, an empty segment, and what Windows does not take are escaped, so that every name has
 * one path and every path one name.
 */

/** Of our own files inside the folder; no blob can be there, its leading dot would be escaped. */
export const ownFolder = '.quarterdeck';

const unfit = /[%\\:*?"<>|\p{Cc}]|^\.|[. ]$/gu;
const emptySegment = '%';

export function pathOfBlob(root: string, name: string): string {
  return join(root, ...name.split('/').map(escapeSegment));
}

function escapeSegment(segment: string): string {
  if (segment === '') return emptySegment;
  return segment.replace(
    unfit,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

export function segmentOf(fileName: string): string {
  if (fileName === emptySegment) return '';
  return fileName.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
