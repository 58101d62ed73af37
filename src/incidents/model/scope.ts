/**
 * A tech centre as one segment of a blob name: percent-encoded, so that no name of a centre can reach into another
 * folder.
 */
export function centerSegment(techCenter: string): string {
  // encodeURIComponent leaves dots alone, and `..` is a step up to whatever normalises the URL.
  return encodeURIComponent(techCenter).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
}

/** Scope of a centre's clustering models in the registry. */
export function centerScope(techCenter: string): string {
  return `models/${centerSegment(techCenter)}`;
}
