import { describe, expect, test } from '@jest/globals';
import { currentServiceGraph, graphCoverage, putServiceGraph } from '../../../src/alerts';
import { received, stormAlerts } from '../../support/alerts/receivedStorm';
import { withPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(60_000);

describe('a graph that is put', () => {
  test('is answered with a warning when it has none of the services that alerted in the last day', async () => {
    const platform = await platforms();
    await platform.warehouse.mergeAlerts(received(stormAlerts(platform.clock.now() - 600_000)), signal);
    const other = await putServiceGraph(platform, { nodes: ['north', 'south'], edges: [] }, signal);
    expect(other.coverage).toEqual({
      alertingServices: 4,
      inGraph: 0,
      warning: '0 of 4 alerting services are in this graph; not in it: checkout, mail, orders-db, shop',
    });
    expect((await currentServiceGraph(platform, signal))?.graph.version).toBe(other.graph.version);
    const nodes = ['checkout', 'mail', 'orders-db', 'north'];
    const own = await putServiceGraph(platform, { nodes, edges: [] }, signal);
    expect(own.coverage).toEqual({ alertingServices: 4, inGraph: 3, warning: null });
    platform.clock.advance(48 * 3_600_000);
    const quiet = await putServiceGraph(platform, { nodes: ['north'], edges: [] }, signal);
    expect(quiet.coverage).toEqual({ alertingServices: 0, inGraph: 0, warning: null });
  });

  test('counts services, not alerts, and none for alerts without one', () => {
    const alert = (service: string | null, mapped: boolean) => ({ service, mapped });
    const alerts = [alert('a', false), alert('a', true), alert(null, false), alert('b', false)];
    expect(graphCoverage(alerts)).toEqual({ alertingServices: 2, inGraph: 1, warning: null });
    expect(graphCoverage([alert('a', false)]).warning).toBe(
      '0 of 1 alerting service is in this graph; not in it: a',
    );
    const many = Array.from({ length: 7 }, (_, place) => alert(`s${place}`, false));
    expect(graphCoverage(many).warning).toMatch(/s0, s1, s2, s3, s4 and 2 more$/);
  });
});
