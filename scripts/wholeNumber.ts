import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number within bounds; anything else is wrong usage. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`a whole number from ${minimum} to ${maximum} is needed`);
  };
}
