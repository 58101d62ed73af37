import { Option } from 'commander';

/** `--tech-center NAME`, which may be given again; without it, all of them. */
export function techCenterOption(description: string): Option {
  return new Option('--tech-center <name>', `${description}; may be given again`)
    .argParser((value: string, previous: string[]) => [...previous, value])
    .default([], 'all');
}
