export {
  defaultTemplateMinerOptions,
  TemplateMiner,
  type MinedMessage,
  type Template,
  type TemplateMinerOptions,
} from './templateMiner';
