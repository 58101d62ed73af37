import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import { App, type AppLog } from './app';
import { reasonOf } from '../foreignError';
import { freshModules, provideModule } from './moduleLoader';

const packageSchema = z.looseObject({ main: z.string().min(1), type: z.string().optional() });

export interface LoadedApp {
  readonly app: App;
  /** Gives `@azure/functions-core` back: from then on a file that asks for it finds none. */
  unload(): void;
}

/**
 * Loads the entry files that package.json's `main` (a glob) names, in the order of their names, the way the
 * real worker does (azure-functions-nodejs-worker, src/startApp.ts), with one difference: a file that throws
 * stops the start and is named, where the real worker logs it and goes on without its functions.
 *
 * @throws FUNCTIONS_APP_INVALID naming the file.
 */
export async function loadApp(root: string, log: AppLog): Promise<LoadedApp> {
  const { main, type } = readPackage(root);
  const files = globSync(main, { cwd: root }).toSorted();
  if (files.length === 0) {
    throw invalid(`no file matches "main": "${main}" of package.json; is the app built?`, 'package.json');
  }
  const app = new App(log);
  const withdraw = provideModule('@azure/functions-core', app.core);
  try {
    const modules = freshModules(
      root,
      ['@azure/functions'],
      [...new Set(files.map((file) => dirname(file)))],
    );
    for (const file of files) {
      app.loadingFile = file;
      const path = join(root, file);
      const isModule = path.endsWith('.mjs') || (type === 'module' && !path.endsWith('.cjs'));
      try {
        // The query makes the loader run the file again when an app is loaded twice in one process.
        await (isModule
          ? import(`${pathToFileURL(path).href}?load=${modules.generation}`)
          : modules.require(path));
      } catch (error) {
        if (error instanceof QuarterdeckError) throw error;
        throw invalid(`${file} cannot be loaded: ${reasonOf(error)}`, file, error);
      }
    }
    app.loadingFile = undefined;
    if (app.functions.length === 0) throw invalid('the entry files register no function', main);
    return { app, unload: withdraw };
  } catch (error) {
    withdraw();
    throw error;
  }
}

function readPackage(root: string): z.infer<typeof packageSchema> {
  try {
    return packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  } catch (error) {
    throw invalid(`package.json of the app cannot be used: ${reasonOf(error)}`, 'package.json', error);
  }
}

function invalid(message: string, file: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('FUNCTIONS_APP_INVALID', message, { culprit: { file }, cause });
}
