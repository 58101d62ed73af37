import type { Option } from 'commander';
import { repeatableOption } from './repeatableOption';

/** `--tech-center NAME`, which may be given again; without it, all of them. */
export function techCenterOption(description: string): Option {
  return repeatableOption('--tech-center <name>', description);
}
