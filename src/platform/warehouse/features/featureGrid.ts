import { Calendar, calendarFunctions, type CalendarFunction, type FeatureSet } from '../../../contracts';
import type { FeatureRows } from '../featureOperations';
import type { FeatureSlice } from './dialect';
import { logColumns } from './logSql';

/** The rows of a slice while the answers of its statements are written into it: here the long form turns wide. */
export class FeatureGrid {
  readonly values: Float32Array;
  readonly width: number;
  /** 1 for a minute that is a row of the answer. */
  private readonly present: Uint8Array;
  private readonly minutes: number;

  constructor(private readonly slice: FeatureSlice) {
    const { set, instances } = slice;
    this.minutes = slice.toMinute - slice.fromMinute;
    this.width = set.names.length;
    const rows = instances.length * this.minutes;
    this.values = new Float32Array(rows * this.width);
    this.present = new Uint8Array(rows);
    // Answers about metrics fill their columns without a gap, and where nothing is logged counts are 0: entropies
    // alone are missing unless a row says otherwise.
    const entropies = logColumns(set).filter((column) => column.function === 'template_entropy');
    for (const { column } of entropies) {
      for (let row = 0; row < rows; row++) this.values[row * this.width + column] = Number.NaN;
    }
  }

  /** Row of an instance's minute; −1 for one before the slice. */
  rowOf(instance: number, minute: number): number {
    const offset = minute - this.slice.fromMinute;
    return offset < 0 || offset >= this.minutes ? -1 : instance * this.minutes + offset;
  }

  markPresent(row: number): void {
    this.present[row] = 1;
  }

  /** Fills the calendar features in and closes the gaps; the grid's own memory is used again. */
  finish(): FeatureRows {
    const { slice, width, values, present } = this;
    const calendar = calendarColumns(slice.set);
    const clock = new Calendar(slice.set.timeZone, slice.set.businessHours);
    const rows = present.reduce((sum, here) => sum + here, 0);
    const instanceOf = new Uint32Array(rows);
    const minutes = new Int32Array(rows);
    let next = 0;
    for (let row = 0; row < present.length; row++) {
      if (present[row] === 0) continue;
      const minute = slice.fromMinute + (row % this.minutes);
      if (next !== row) values.copyWithin(next * width, row * width, (row + 1) * width);
      for (const { feature, column } of calendar) {
        values[next * width + column] = clock.valueOf(feature, minute);
      }
      instanceOf[next] = Math.floor(row / this.minutes);
      minutes[next] = minute;
      next++;
    }
    return {
      instances: slice.instances,
      instanceOf,
      minutes,
      matrix: { values: values.subarray(0, rows * width), n: rows, d: width },
    };
  }
}

function calendarColumns({ definitions }: FeatureSet): { feature: CalendarFunction; column: number }[] {
  return definitions.flatMap(({ function: feature }, column) =>
    (calendarFunctions as readonly string[]).includes(feature)
      ? [{ feature: feature as CalendarFunction, column }]
      : [],
  );
}
