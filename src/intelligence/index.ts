/** Explanations; the gateway to language models, retrieval and agents have their place beside them. */
export { explainAnomaly } from './explain/explainAnomaly';
export { listExplanations, readExplanation } from './explain/readExplanations';
