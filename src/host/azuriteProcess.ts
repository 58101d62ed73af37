/**
 * Entry of the child process that runs Azurite: the emulator itself, tied to the life of its parent, so that a
 * killed parent leaves nothing running. Azurite writes its files on SIGTERM.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

// Loaded for its effect: Azurite reads its options from process.argv and starts listening.
import 'azurite/dist/src/azurite';
