/** Knows which minutes of which instance have been taken, so that the same event is not taken twice. */
export class EventSpacing {
  /** Minutes that parts of an event lie apart: first once per event, then further along long ones. */
  readonly widths: readonly number[] = [45, 20, 8];
  private readonly taken = new Map<string | number, number[]>();

  constructor(
    private readonly instances: ArrayLike<string | number>,
    private readonly minutes: ArrayLike<number>,
  ) {}

  take(row: number): void {
    const times = this.taken.get(this.instances[row]!) ?? [];
    times.splice(this.placeOf(times, this.minutes[row]!), 0, this.minutes[row]!);
    this.taken.set(this.instances[row]!, times);
  }

  /** Nothing of the instance was taken within `minutes` of the row. */
  isFree(row: number, minutes: number): boolean {
    const times = this.taken.get(this.instances[row]!);
    if (!times) return true;
    const at = this.minutes[row]!;
    const place = this.placeOf(times, at);
    const before = times[place - 1];
    const after = times[place];
    return (before === undefined || at - before > minutes) && (after === undefined || after - at > minutes);
  }

  /** First place whose time is not before `at`. */
  private placeOf(times: readonly number[], at: number): number {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
