export { fromXgboostJson } from './fromXgboostJson';
export { toXgboostJson } from './toXgboostJson';
