import { userInfo } from 'node:os';

/** Who gives a command, for the record of what was changed. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may have no entry for the user that it runs as.
    return 'operator';
  }
}
