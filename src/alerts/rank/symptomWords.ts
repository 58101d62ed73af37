/** What an alert's name says is wrong, in a word or two that read well after a service's name. */

/** The first rule that fits wins: the more telling before the more general. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/certificate|cert expir|tls|ssl/, 'certificate trouble'],
  [/crash ?loop|restart|oom ?kill|evict/, 'restarts'],
  [/out of memory|oom|memory|heap|swap|garbage|gc (time|pause)/, 'memory pressure'],
  [/cpu|processor|load average|high load|core/, 'processor saturation'],
  [/disk|filesystem|file system|inode|volume|storage|out of space|space low/, 'disk trouble'],
  [/replica(tion)? lag|lagging|replicat/, 'replication lag'],
  [/queue|backlog|consumer lag|pending|dead letter|unprocessed|messages? ready/, 'a backlog'],
  [/connection|socket|pool|too many clients/, 'connection trouble'],
  [/throttl|rate limit|quota/, 'throttling'],
  [/slow|latency|duration|response time|p9\d|timeout|time out|deadline/, 'latency'],
  [/error|5xx|4xx|fail|fault|exception|success rate|rejected|aborted/, 'errors'],
  [
    /down|unavailable|unreachable|availability|not ready|not running|absent|missing|outage|offline|dead|lost|unhealthy/,
    'outage',
  ],
  [/network|packet|dns|interface|bandwidth/, 'network trouble'],
  [/job|cron|backup|sync/, 'failed jobs'],
  [/traffic|requests|throughput|rps|qps/, 'unusual traffic'],
];

const longestWords = 48;

export function symptomOf(alertName: string): string {
  const words = inWords(alertName);
  for (const [pattern, symptom] of rules) if (pattern.test(words)) return symptom;
  return words === '' ? 'trouble' : shortened(words, longestWords);
}

/** `HighErrorRate_5xx` as "high error rate 5xx". */
export function inWords(name: string): string {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[^\p{L}\p{N}%]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** Cut at a word where there is one. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
