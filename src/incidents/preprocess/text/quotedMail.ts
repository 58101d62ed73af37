/**
 * Cuts what a reply quotes. The newest message is what the ticket is about; a forwarded mail, where nothing new
 * stands above it, keeps its body and its subject and loses the header lines only.
 */
const separators: readonly RegExp[] = [
  /^[-_ ]{2,}\s{0,4}(?:original message|original appointment|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré|mensaje original)\s{0,4}[-_ ]{2,}$/i,
  /^begin forwarded message:$/i,
  /^on .{4,150}\bwrote:$/i,
  /^am .{4,150}\bschrieb\b.{0,100}:$/i,
  /^le .{4,150}\ba écrit\s?:$/i,
  /^el .{4,150}\bescribió:$/i,
];

const headerLine =
  /^(?:>\s?)*\*?(?:from|sent|to|cc|bcc|date|reply-to|importance|attachments|von|gesendet|an|datum|de|envoyé|à|para|enviado)\*?\s?:/i;
const fromLine = /^(?:>\s?)*\*?(?:from|von|de)\*?\s?:/i;
const subjectLine = /^(?:>\s?)*\*?(?:subject|betreff|objet|asunto)\*?\s?:\s*(?:(?:re|fw|fwd|aw|wg)\s?:\s*)*/i;

/** Words that must stand above a quotation for it to be cut. */
const wordsOfAReply = 3;
/** Lines below `From:` among which another header line makes it a mail header and not a sentence. */
const headerReach = 4;

export function withoutQuotedMail(lines: readonly string[]): string[] {
  const start = quotationStart(lines);
  if (start === -1) return unquoted(lines);
  const above = unquoted(lines.slice(0, start));
  if (wordCount(above) >= wordsOfAReply) return above;
  return [...above, ...unquoted(withoutHeaders(lines.slice(start)))];
}

function quotationStart(lines: readonly string[]): number {
  return lines.findIndex((line, index) => {
    const trimmed = line.trim();
    if (separators.some((separator) => separator.test(trimmed.slice(0, 300)))) return true;
    return (
      fromLine.test(trimmed) &&
      lines
        .slice(index + 1, index + 1 + headerReach)
        .some((next) => headerLine.test(next.trim()) || subjectLine.test(next.trim()))
    );
  });
}

/** Drops `>` lines, or the `>` alone when there is nothing else. */
function unquoted(lines: readonly string[]): string[] {
  const own = lines.filter((line) => !/^\s*>/.test(line));
  if (own.length === lines.length || wordCount(own) >= wordsOfAReply) return own;
  return lines.map((line) => line.replace(/^\s*(?:>\s?)+/, ''));
}

function withoutHeaders(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.trim())
    .filter(
      (line) => !headerLine.test(line) && !separators.some((separator) => separator.test(line.slice(0, 300))),
    )
    .map((line) => line.replace(subjectLine, ''));
}

function wordCount(lines: readonly string[]): number {
  let words = 0;
  for (const line of lines) words += line.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  return words;
}
