/** What to do about tickets that the hourly run leaves alone. */
export function lateRemedy(late: number): string {
  return `${late} tickets are older than what is processed; run \`quarterdeck preprocess --all\``;
}
