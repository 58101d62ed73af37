/**
 * Threads that share out the units of one phase after another. A leader opens a phase and works along; followers
 * take units whenever there are any. Nothing ever waits for a thread that has not taken a unit, so a follower that
 * starts late, or never, costs time alone.
 */

/** Cells of the shared control array. */
const claim = 0;
const unitsOfPhase = 1;
const doneUnits = 2;
const kindOfPhase = 3;
const stop = 4;
export const roundsDone = 5;
export const controlCells = 16;

/** A claim is the phase's number above and the next unit below. */
const unitBits = 20;
const unitMask = 2 ** unitBits - 1;
/** Of a phase; what is left of the bits lets threads look for a unit in vain. */
export const mostUnits = unitMask - 1024;

/** Looks at a cell before a thread lays itself to sleep: phases follow each other within microseconds. */
const spins = 4_000;
/** A sleeper looks by itself that often, in case its thread's partner has gone. */
const sleepMs = 20;

/** What a phase throws when a stop was requested before it was done. */
export class StoppedWork extends Error {
  override readonly name = 'StoppedWork';
}

export type RunUnit = (kind: number, unit: number) => void;

export function requestStop(control: Int32Array): void {
  Atomics.store(control, stop, 1);
  Atomics.notify(control, claim);
  Atomics.notify(control, doneUnits);
}

export function stopRequested(control: Int32Array): boolean {
  return Atomics.load(control, stop) === 1;
}

/** Runs all units of a phase; they are done when it returns. @throws StoppedWork. */
export function runPhase(control: Int32Array, kind: number, units: number, runUnit: RunUnit): void {
  if (units === 0) return;
  const phase = ((Atomics.load(control, claim) >>> unitBits) + 1) << unitBits;
  // Closed while it is being set up: a thread that still looks at the phase before would take its next unit by the
  // number of units of this one.
  Atomics.store(control, claim, phase | unitMask);
  Atomics.store(control, kindOfPhase, kind);
  Atomics.store(control, unitsOfPhase, units);
  Atomics.store(control, doneUnits, 0);
  Atomics.store(control, claim, phase);
  if (units > 1) Atomics.notify(control, claim);
  while (takeUnit(control, runUnit));
  for (let spin = 0; Atomics.load(control, doneUnits) < units; spin++) {
    if (stopRequested(control)) throw new StoppedWork();
    if (spin < spins) continue;
    Atomics.wait(control, doneUnits, Atomics.load(control, doneUnits), 1);
  }
}

/** Helps with every phase until a stop is requested. */
export function follow(control: Int32Array, runUnit: RunUnit): void {
  let spin = 0;
  while (!stopRequested(control)) {
    const seen = Atomics.load(control, claim);
    if (takeUnit(control, runUnit)) spin = 0;
    else if (spin++ > spins) Atomics.wait(control, claim, seen, sleepMs);
  }
}

/** Takes and runs one unit; false when none is left. */
function takeUnit(control: Int32Array, runUnit: RunUnit): boolean {
  for (;;) {
    const seen = Atomics.load(control, claim);
    const unit = seen & unitMask;
    if (unit >= Atomics.load(control, unitsOfPhase)) return false;
    if (Atomics.compareExchange(control, claim, seen, seen + 1) !== seen) continue;
    // Read again: the phase may have been another one before the unit was taken, but stays until it is done.
    const units = Atomics.load(control, unitsOfPhase);
    if (unit >= units) continue;
    runUnit(Atomics.load(control, kindOfPhase), unit);
    if (Atomics.add(control, doneUnits, 1) + 1 === units) Atomics.notify(control, doneUnits);
    return true;
  }
}
