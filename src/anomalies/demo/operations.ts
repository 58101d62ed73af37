import type { Random } from '../../contracts';

/** What goes on at a server without being a fault: backups, releases, bursts of traffic, and drift. */
export interface Operations {
  /** 0 to 1: how much of a backup is running. */
  backupAt(minute: number): number;
  /** 0 to 1: how cold the process is after a release. */
  warmingAt(minute: number): number;
  /** Factor on the load: 1 without a burst. */
  burstAt(minute: number): number;
  /** What earlier releases changed for good: a factor on latency, percentage points of memory. */
  levelsAt(minute: number): { readonly latencyShift: number; readonly memoryShift: number };
  /** Percentage points of the disk filled since the last clean-up. */
  diskGrowthAt(minute: number): number;
  /** Minutes in which the process started anew and its counters with it. */
  readonly restarts: ReadonlySet<number>;
}

const minutesPerDay = 1_440;
const minutesPerWeek = 7 * minutesPerDay;
const releasesPerWeek = 1;
const burstsPerWeek = 2;
const warmUpMinutes = 12;
const burstEdgeMinutes = 8;
/** Disks grow by this a day and are cleaned once a week. */
const diskPointsPerDay = 1.4;

export function planOperations(minutes: number, startMinute: number, random: Random): Operations {
  const backupStart = 60 + random.integer(180);
  const backupMinutes = 20 + random.integer(25);
  const releases = drawTimes(minutes, releasesPerWeek, random.fork('releases')).map((minute, index) => {
    const draws = random.fork(`release ${index}`);
    return { minute, latency: Math.exp(0.08 * draws.normal()), memory: 3 * draws.normal() };
  });
  const bursts = drawTimes(minutes, burstsPerWeek, random.fork('bursts')).map((minute, index) => {
    const draws = random.fork(`burst ${index}`);
    return { minute, length: 20 + draws.integer(50), factor: 1.4 + 0.7 * draws.next() };
  });
  const latest = (minute: number): number => {
    let last = -1;
    while (last + 1 < releases.length && releases[last + 1]!.minute <= minute) last++;
    return last;
  };
  return {
    restarts: new Set(releases.map(({ minute }) => minute)),
    backupAt(minute) {
      const into = ((startMinute + minute) % minutesPerDay) - backupStart;
      return into >= 0 && into < backupMinutes ? Math.min(1, (into + 1) / 3, (backupMinutes - into) / 3) : 0;
    },
    warmingAt(minute) {
      const last = latest(minute);
      return last < 0 ? 0 : Math.max(0, 1 - (minute - releases[last]!.minute) / warmUpMinutes);
    },
    burstAt(minute) {
      let factor = 1;
      for (const burst of bursts) {
        const into = minute - burst.minute;
        if (into < 0 || into >= burst.length) continue;
        const share = Math.min(1, (into + 1) / burstEdgeMinutes, (burst.length - into) / burstEdgeMinutes);
        factor = Math.max(factor, 1 + (burst.factor - 1) * share);
      }
      return factor;
    },
    levelsAt(minute) {
      let latencyShift = 1;
      let memoryShift = 0;
      for (let index = latest(minute); index >= 0; index--) {
        latencyShift *= releases[index]!.latency;
        memoryShift += releases[index]!.memory;
      }
      return { latencyShift, memoryShift };
    },
    diskGrowthAt: (minute) => (((startMinute + minute) % minutesPerWeek) / minutesPerDay) * diskPointsPerDay,
  };
}

/** Ascending times, `perWeek` a week on average. */
function drawTimes(minutes: number, perWeek: number, random: Random): number[] {
  const count = Math.round((minutes / minutesPerWeek) * perWeek);
  return Array.from({ length: count }, () => random.integer(minutes)).sort((a, b) => a - b);
}
