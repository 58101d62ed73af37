/** Which label of an alert names its service, and which the thing that fires. */

const serviceLabels = [
  'service',
  'service_name',
  'servicename',
  'app',
  'application',
  'app_kubernetes_io_name',
  'app.kubernetes.io/name',
  'kube_service',
  'component',
  'deployment',
  'statefulset',
  'daemonset',
  'workload',
  'job_name',
  'functionname',
  'apiname',
];
const resourceLabels = [
  'resource',
  'pod',
  'pod_name',
  'instance',
  'host',
  'hostname',
  'node',
  'container',
  'persistentvolumeclaim',
  'queue',
  'topic',
  'database',
  'device',
  'name',
];
/** A scrape job of these tells who measured, not who is in trouble. */
const exporters =
  /^(?:kube-state-metrics|node|node[-_]exporter|cadvisor|kubelet|blackbox(?:[-_]exporter)?|prometheus\d*|pushgateway|snmp.*)$/i;

type Labels = readonly (readonly [string, string])[];

export function serviceOf(labels: Labels): string | undefined {
  const job = firstOf(labels, ['job']);
  return firstOf(labels, serviceLabels) ?? (job !== undefined && !exporters.test(job) ? job : undefined);
}

export function resourceOf(labels: Labels): string | undefined {
  return firstOf(labels, resourceLabels);
}

/** Value of the first of `names` that is there and not empty; without case. */
export function firstOf(labels: Labels, names: readonly string[]): string | undefined {
  const values = new Map<string, string>();
  for (const [name, value] of labels) {
    const lower = name.toLowerCase();
    if (value.trim() !== '' && !values.has(lower)) values.set(lower, value);
  }
  const found = names.find((name) => values.has(name));
  return found === undefined ? undefined : values.get(found);
}
