import { describe, expect, test } from '@jest/globals';
import { Heard, withHosts } from './fixtureHost';

describe('hooks', () => {
  const start = withHosts();
  const heard = new Heard<string>();

  test('run around the app and around each invocation, and carry their data', async () => {
    const host = await start('hooks');
    expect(heard.all[0]).toBe('appStart');
    await heard.next((step) => step.startsWith('postInvocation'));
    expect(await host.invoke('plain', 'given')).toEqual({ input: { replaced: true } });
    await host.stop();
    expect(heard.all.at(-1)).toBe('appTerminate, started yes');
    expect(heard.all.filter((step) => step === 'preInvocation')).toHaveLength(2);
    expect(heard.all).toContain('postInvocation, before true');
  });

  test('the warm-up runs once at the start', async () => {
    const host = await start('hooks');
    await heard.next((step) => step === 'warmup');
    await host.idle();
    expect(heard.all.filter((step) => step === 'warmup')).toHaveLength(1);
  });

  test('a hook after the invocation may take its error back', async () => {
    const host = await start('hooks', { environment: { FIXTURE_VERDICT: 'fail' } });
    expect(await host.invoke('plain', 'given')).toBe('saved');
  });

  test('log hooks change what is logged', async () => {
    const log: string[] = [];
    const host = await start('hooks', { log: (line) => log.push(line) });
    await host.invoke('plain', 'given');
    expect(log.join('\n')).toContain('plain: the *** word');
    expect(log.join('\n')).not.toContain('secret');
  });
});
