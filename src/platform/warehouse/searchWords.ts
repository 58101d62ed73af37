/** A search is read as words; more of them narrow nothing further and would only make the statement long. */
const mostWords = 16;

export function searchWords(text: string): string[] {
  return text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords);
}
