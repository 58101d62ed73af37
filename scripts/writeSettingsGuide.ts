// Writes docs/settings.md anew after a setting was added: npm run -s build && node dist/scripts/writeSettingsGuide.js
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsGuide } from '../src/platform/settings/settingsGuide';

writeFileSync(join(process.cwd(), 'docs', 'settings.md'), settingsGuide());
