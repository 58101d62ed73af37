import { timestampMs, toTimestamp, type Incident, type Position, type Watermark } from '../../contracts';

/** How far a source's clock may be ahead of ours before its times stop moving the watermark. */
const clockSkewMs = 24 * 3_600_000;

/** Order of the pages: by time, then by number, both as the warehouses compare them. */
export function comparePositions(a: Position, b: Position): number {
  if (a.sysCreatedOn !== b.sysCreatedOn) return a.sysCreatedOn < b.sysCreatedOn ? -1 : 1;
  return Buffer.compare(Buffer.from(a.number), Buffer.from(b.number));
}

export function positionOf({ sysCreatedOn, number }: Incident): Position {
  return { sysCreatedOn, number };
}

/**
 * The watermark after these rows are stored, in their order; undefined when it stays. A ticket dated into the
 * future is stored as any other but does not move it: every later ticket would be too late for ever.
 */
export function watermarkAfter(
  techCenter: string,
  stored: readonly Incident[],
  current: Watermark | undefined,
  nowMs: number,
): Watermark | undefined {
  const last = stored.findLast(({ sysCreatedOn }) => timestampMs(sysCreatedOn) <= nowMs + clockSkewMs);
  if (!last) return undefined;
  if (
    current &&
    comparePositions(positionOf(last), {
      sysCreatedOn: current.lastProcessedTimestamp,
      number: current.lastProcessedNumber,
    }) <= 0
  ) {
    return undefined;
  }
  return {
    techCenter,
    lastProcessedTimestamp: last.sysCreatedOn,
    lastProcessedNumber: last.number,
    updatedAt: toTimestamp(nowMs),
  };
}
