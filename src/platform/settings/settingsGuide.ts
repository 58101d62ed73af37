import { z } from 'zod';
import { variables, type VariableName } from './variables';

interface Described {
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly type?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The text of docs/settings.md, made from the table of settings. */
export function settingsGuide(): string {
  const rows = (Object.keys(variables) as VariableName[]).map((name) => {
    const described = z.toJSONSchema(variables[name], { io: 'input', unrepresentable: 'any' }) as Described;
    const { description = '', default: byDefault } = described;
    return [`\`${name}\``, values(described), shown(byDefault), description];
  });
  return [
    '# Settings',
    '',
    'Each is an environment variable, and an app setting in Azure. Blank counts as not set. A bad or missing one stops',
    'the start with `SETTINGS_INVALID`, all of them named at once.',
    '',
    ...table([['Variable', 'Values', 'Default', 'What it is for'], ...rows]),
    '',
  ].join('\n');
}

function values({ enum: choices, type, format, minimum, maximum }: Described): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (minimum !== undefined && maximum !== undefined) {
    const range = `${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
    return type === 'number' ? `number, ${range}` : range;
  }
  return format === 'uri' ? 'address' : 'text';
}

function shown(value: string | number | boolean | undefined): string {
  return value === undefined || value === '' ? '' : `\`${String(value)}\``;
}

/** Columns of equal width, as the formatter writes them. */
function table(rows: readonly (readonly string[])[]): string[] {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = escaped[0]!.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = escaped;
  return [line(head!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)];
}
