import type { Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { faultKinds, type FaultKind } from './faultKinds';
import { strengthAt, visibleStrength, type PlannedFault } from './planFaults';
import { planOperations, type Operations } from './operations';
import { serverMetrics, type ServerState } from './serverMetrics';

/** The lasting traits of one server: no two are alike, and none keeps to its own for long. */
interface Traits {
  readonly cores: number;
  readonly baseLoad: number;
  readonly dailySwing: number;
  readonly peakHour: number;
  readonly weekendShare: number;
  readonly weeklyGrowth: number;
  readonly memoryBase: number;
  readonly diskBase: number;
  readonly requestRate: number;
  readonly latency: number;
  readonly cacheHit: number;
  readonly threads: number;
}

const minutesPerDay = 1_440;
const minutesPerWeek = 7 * minutesPerDay;
const faultByName = new Map<string, FaultKind>(faultKinds.map((kind) => [kind.name, kind]));

/** Series of one server, `minutes × metrics` with NaN for what was not reported, and 1 for minutes within a fault. */
export interface ServerSeries {
  readonly values: Matrix;
  readonly labels: Uint8Array;
}

export function serverSeries(
  startMinute: number,
  minutes: number,
  faults: readonly PlannedFault[],
  random: Random,
): ServerSeries {
  const traits = drawTraits(random.fork('traits'));
  const operations = planOperations(minutes, startMinute, random.fork('operations'));
  const noise = noiseSource(random.fork('noise'));
  const gaps = random.fork('gaps');
  const d = serverMetrics.length;
  const values = new Float32Array(minutes * d);
  const labels = new Uint8Array(minutes);
  let requestsTotal = Math.floor(random.fork('counter').next() * 1e6);
  let gapLeft = 0;
  let nextFault = 0;
  for (let minute = 0; minute < minutes; minute++) {
    noise.step();
    const state = ordinaryState(traits, operations, startMinute + minute, minute, noise);
    while (nextFault < faults.length && faults[nextFault]!.endMinute <= minute) nextFault++;
    const fault = faults[nextFault];
    const strength = fault ? strengthAt(fault, minute) : 0;
    if (fault && strength > 0) {
      faultByName.get(fault.kind)!.apply(state, strength * Math.exp(0.15 * noise.of('fault')));
      if (strength >= visibleStrength) labels[minute] = 1;
    }
    if (operations.restarts.has(minute)) requestsTotal = 0;
    requestsTotal += Math.round(state.requests_per_second * 60);
    state.requests_total = requestsTotal;
    glitch(state, gaps);
    if (gapLeft > 0) gapLeft--;
    else if (gaps.next() < gapsPerMinute) gapLeft = 2 + gaps.integer(8);
    serverMetrics.forEach(({ name, maximum, minimum }, column) => {
      const lost = gapLeft > 0 || gaps.next() < lostPointShare;
      const value = Math.min(maximum ?? Infinity, Math.max(minimum, state[name]));
      values[minute * d + column] = lost ? Number.NaN : value;
    });
  }
  return { values: { values, n: minutes, d }, labels };
}

/** The agent falls silent about once in two weeks and server, and loses single points now and then. */
const gapsPerMinute = 1 / 20_000;
const lostPointShare = 0.0005;
/** A probe misreads one metric for one minute, twice a day and server: no fault, however far the value is off. */
const glitchesPerMinute = 2 / minutesPerDay;

function glitch(state: ServerState, random: Random): void {
  if (random.next() >= glitchesPerMinute) return;
  const { name } = serverMetrics[random.integer(serverMetrics.length - 1)]!;
  state[name] *= random.next() < 0.5 ? 3 : 0.2;
}

function drawTraits(random: Random): Traits {
  const range = (low: number, high: number): number => low + (high - low) * random.next();
  return {
    cores: 4 * (1 + random.integer(4)),
    baseLoad: range(0.25, 0.5),
    dailySwing: range(0.3, 0.6),
    peakHour: range(11, 16),
    weekendShare: range(0.45, 0.9),
    weeklyGrowth: range(-0.01, 0.04),
    memoryBase: range(42, 58),
    diskBase: range(35, 55),
    requestRate: range(110, 220),
    latency: range(22, 38),
    cacheHit: range(86, 95),
    threads: range(110, 170),
  };
}

interface Noise {
  step(): void;
  /** Correlated over minutes, about standard normal, with heavy tails now and then. */
  of(name: string): number;
}

const memoryOfNoise = 0.8;

function noiseSource(random: Random): Noise {
  const streams = new Map<string, { value: number; random: Random; at: number }>();
  let now = 0;
  const fresh = Math.sqrt(1 - memoryOfNoise ** 2);
  return {
    step() {
      now++;
    },
    of(name) {
      let stream = streams.get(name);
      if (!stream) streams.set(name, (stream = { value: 0, random: random.fork(name), at: 0 }));
      if (stream.at !== now) {
        const heavy = stream.random.next() < 0.01 ? 3 : 1;
        stream.value = memoryOfNoise * stream.value + fresh * heavy * stream.random.normal();
        stream.at = now;
      }
      return stream.value;
    },
  };
}

function ordinaryState(
  traits: Traits,
  operations: Operations,
  absoluteMinute: number,
  minute: number,
  noise: Noise,
): ServerState {
  const varied = (name: string, share: number): number => Math.exp(share * noise.of(name));
  const hour = (absoluteMinute % minutesPerDay) / 60;
  // 1 January 1970 was a Thursday.
  const weekday = (Math.floor(absoluteMinute / minutesPerDay) + 4) % 7;
  const weekend = weekday === 0 || weekday === 6 ? traits.weekendShare : 1;
  const season = 1 + traits.dailySwing * Math.cos((2 * Math.PI * (hour - traits.peakHour)) / 24);
  const growth = 1 + (traits.weeklyGrowth * minute) / minutesPerWeek;
  const burst = operations.burstAt(minute);
  const load = traits.baseLoad * season * weekend * growth * burst * varied('load', 0.08);
  const backup = operations.backupAt(minute);
  const warming = operations.warmingAt(minute);
  const { latencyShift, memoryShift } = operations.levelsAt(minute);

  const cpu = 100 * (1 - Math.exp(-0.9 * load)) * varied('cpu', 0.05) + 5 * backup + 8 * warming;
  const requests = traits.requestRate * load * 2 * varied('requests', 0.05);
  const cacheHit = traits.cacheHit + 0.8 * noise.of('cache') - 14 * warming;
  const pressure = 1 + 0.5 * Math.max(0, cpu / 100 - 0.6) + 0.15 * backup;
  const latency = traits.latency * latencyShift * pressure * (1 + 0.2 * warming) * varied('latency', 0.05);
  const diskRead = (4 + 0.05 * requests * (1 + (95 - cacheHit) / 20)) * varied('read', 0.15) + 9 * backup;
  const diskWrite = (3 + 0.04 * requests) * varied('write', 0.15) + 5 * backup;
  return {
    cpu_percent: cpu,
    cpu_steal_percent: 1.2 * varied('steal', 0.5),
    load_average: ((traits.cores * cpu) / 100) * varied('runnable', 0.1) + backup,
    memory_percent: traits.memoryBase + memoryShift + 14 * load + 1.2 * noise.of('memory') - 6 * warming,
    swap_percent: 1.5 * varied('swap', 0.4),
    gc_pause_ms: (14 + 22 * load) * varied('gc', 0.2),
    disk_used_percent:
      traits.diskBase + operations.diskGrowthAt(minute) + 0.3 * noise.of('disk') + 1.5 * backup,
    disk_read_mbps: diskRead,
    disk_write_mbps: diskWrite,
    disk_queue: (0.3 + 0.02 * (diskRead + diskWrite)) * varied('queue', 0.25) + 0.5 * backup,
    network_in_mbps: 0.06 * requests * varied('in', 0.08),
    network_out_mbps: 0.22 * requests * varied('out', 0.08) + 6 * backup,
    retransmit_percent: 0.35 * varied('retransmit', 0.45),
    connections: (60 + 2.2 * requests) * varied('connections', 0.05),
    threads: traits.threads * (1 + 0.25 * load) * varied('threads', 0.03) * (1 - 0.3 * warming),
    queue_depth: (1 + 6 * load * load) * varied('depth', 0.3),
    cache_hit_percent: cacheHit,
    requests_per_second: requests * (1 - 0.3 * warming),
    error_percent: 0.25 * varied('errors', 0.5) + 0.6 * warming,
    latency_p50_ms: latency,
    latency_p95_ms: 2.6 * latency * varied('tail', 0.08),
    requests_total: 0,
  };
}
