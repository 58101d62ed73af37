import { endAzurite } from './azuriteOfRun';

/** After the last test of a run. */
export default endAzurite;
