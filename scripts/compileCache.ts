import nodeModule from 'node:module';

/**
 * Keeps what the engine made of the program's files in the machine's temporary folder: a command starts in two thirds
 * of the time. Imported before anything else; older versions of Node.js have no such cache.
 */
nodeModule.enableCompileCache?.();
