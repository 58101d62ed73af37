import { Option } from 'commander';

/** An option that may be given again; its value is the list of what was given. */
export function repeatableOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be given again`)
    .argParser((value: string, previous: string[]) => [...previous, value])
    .default([], 'all');
}
