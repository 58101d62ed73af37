import type { Random } from '../../contracts';

/** What fills the slots of templates: the part of a ticket that differs from one to the next. */

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)]!;
}

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.integer(10)).join('');
const hexadecimal = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.integer(16).toString(16)).join('');

const sites = ['Hamburg', 'Porto', 'Leeds', 'Austin', 'Krakow', 'Osaka', 'Lyon', 'Graz'];
const words: Readonly<Record<string, readonly string[]>> = {
  every: [
    'every hour',
    'every few minutes',
    'several times a day',
    'every morning',
    'all the time',
    'after lunch',
  ],
  room: [
    'meeting room 2',
    'meeting room Baltic',
    'the canteen',
    'the open office',
    'building C',
    'the warehouse office',
  ],
  floor: ['first', 'second', 'third', 'fourth', 'ground'],
  site: sites,
  country: ['Norway', 'Brazil', 'Japan', 'Canada', 'Poland', 'Kenya'],
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  application: [
    'Visio',
    'Salesforce',
    'Confluence',
    'AutoCAD',
    'Miro',
    'Workday',
    'Power BI',
    'Slack',
    'Jira',
  ],
  database: ['CRMPROD', 'ORDERS', 'FINDB', 'LOGISTIC', 'BILLING'],
  transaction: ['VA01', 'ME21N', 'FB60', 'MIGO', 'VL10B', 'SE16'],
  role: ['finance reader', 'purchasing', 'order desk', 'project office', 'quality', 'planning'],
  drive: ['G:', 'P:', 'the project drive', 'the team drive'],
  stop: ['0x0000009f', '0x00000124', 'DRIVER_POWER_STATE_FAILURE', 'MEMORY_MANAGEMENT'],
  updatecode: ['0x80070643', '0x800f0922', '0x80240034'],
  port: ['443', '1433', '8443', '5432'],
};

const generated: Readonly<Record<string, (random: Random) => string>> = {
  host: (random) => `${pick(random, ['SRV', 'APP', 'WKS', 'NB', 'VM'])}-${digits(random, 4)}`,
  printer: (random) => `PRN-${digits(random, 3)}`,
  kb: (random) => `KB50${digits(random, 5)}`,
  number: (random) => digits(random, 5),
};

export function fillSlots(template: string, random: Random): string {
  return template.replaceAll(/\{(\w+)\}/g, (slot, name: string) => {
    const make = generated[name];
    if (make) return make(random);
    const values = words[name];
    if (!values) throw new Error(`no values for the slot ${slot}`);
    return pick(random, values);
  });
}

/** Traces of machines, as people paste them. */
export function machineTrace(random: Random): string {
  return pick(random, [
    () =>
      `Affected host: ${generated['host']!(random)} (10.${random.integer(200)}.${random.integer(250)}.${random.integer(250)})`,
    () =>
      `Correlation id ${hexadecimal(random, 8)}-${hexadecimal(random, 4)}-4${hexadecimal(random, 3)}-a${hexadecimal(random, 3)}-${hexadecimal(random, 12)}`,
    () => `Related to INC${digits(random, 7)}.`,
    () => `Log: C:\\ProgramData\\Agent\\logs\\trace_${digits(random, 6)}.log`,
    () => `See https://portal.example.com/tickets/${digits(random, 8)}?view=full`,
    () =>
      `Last seen 2026-0${1 + random.integer(9)}-1${random.integer(10)} ${10 + random.integer(9)}:${10 + random.integer(49)}.`,
  ])();
}
