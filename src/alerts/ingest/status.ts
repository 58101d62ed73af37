import type { AlertStatus } from '../../contracts';

/** What senders call the states of an alert. */
const words: Readonly<Record<string, AlertStatus>> = {
  firing: 'firing',
  fired: 'firing',
  alerting: 'firing',
  alarm: 'firing',
  active: 'firing',
  open: 'firing',
  opened: 'firing',
  new: 'firing',
  triggered: 'firing',
  trigger: 'firing',
  problem: 'firing',
  renotify: 'firing',
  retriggered: 'firing',
  're-triggered': 'firing',
  warn: 'firing',
  warning: 'firing',
  pending: 'firing',
  nodata: 'firing',
  acknowledged: 'acknowledged',
  acknowledge: 'acknowledged',
  ack: 'acknowledged',
  acked: 'acknowledged',
  in_progress: 'acknowledged',
  assigned: 'acknowledged',
  resolved: 'resolved',
  resolve: 'resolved',
  recovered: 'resolved',
  recovery: 'resolved',
  closed: 'resolved',
  close: 'resolved',
  clear: 'resolved',
  cleared: 'resolved',
  ok: 'resolved',
  normal: 'resolved',
  inactive: 'resolved',
  done: 'resolved',
  fixed: 'resolved',
  expired: 'resolved',
};

/** Undefined for a word that is none of them; states are compared without case, blanks and dashes. */
export function readStatus(value: unknown): AlertStatus | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return words[word] ?? words[word.replaceAll(/[\s-]+/g, '_')] ?? words[word.replaceAll(/[\s_-]+/g, '')];
}
