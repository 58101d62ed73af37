import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { startHost, type HostOptions, type RunningHost } from '../../src/host';

/** Fixture apps load outside of the test sandbox; what they emit on their process arrives here. */
export const outerProcess = process.getBuiltinModule('node:process') as unknown as NodeJS.EventEmitter;

export function fixtureRoot(name: string): string {
  return join(process.cwd(), 'test', 'fixtures', 'host', name);
}

/** Starts fixture apps on free ports and stops them after each test. */
export function withHosts(): (app: string, options?: Partial<HostOptions>) => Promise<RunningHost> {
  const running: RunningHost[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((host) => host.stop()));
  });
  return async (app, options = {}) => {
    const host = await startHost({ root: fixtureRoot(app), port: 0, ...options });
    running.push(host);
    return host;
  };
}

interface Expectation<T> {
  readonly matches: (said: T) => boolean;
  readonly resolve: (said: T) => void;
}

/** What a fixture app says, in order, and waiting for the next of a kind. */
export class Heard<T = unknown> {
  readonly all: T[] = [];
  readonly #waiting: Expectation<T>[] = [];
  #taken = 0;

  constructor() {
    const listen = (said: T) => {
      this.all.push(said);
      const index = this.#waiting.findIndex(({ matches }) => matches(said));
      if (index < 0) return;
      for (const { resolve } of this.#waiting.splice(index, 1)) resolve(said);
    };
    outerProcess.on('fixture', listen);
    afterEach(() => {
      this.all.length = 0;
      this.#taken = 0;
    });
  }

  /** The first that matches of those not looked at yet, now or later. */
  async next(matches: (said: T) => boolean = () => true): Promise<T> {
    for (; this.#taken < this.all.length;) {
      const said = this.all[this.#taken++]!;
      if (matches(said)) return said;
    }
    return new Promise((resolve) => {
      this.#waiting.push({
        matches,
        resolve: (said) => {
          this.#taken = this.all.length;
          resolve(said);
        },
      });
    });
  }
}
