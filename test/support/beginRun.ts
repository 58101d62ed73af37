import { beginAzurite } from './azuriteOfRun';

/** Before the first test of a run. */
export default beginAzurite;
