/** `[d.]hh:mm[:ss[.fffffff]]`, the way .NET writes a TimeSpan in host.json and in schedules. */
const pattern = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;

/** @returns milliseconds, or undefined when the text is no time span. */
export function parseTimeSpan(text: string): number | undefined {
  const match = pattern.exec(text.trim());
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = [match[1], match[2], match[3], match[4]].map((part) =>
    Number(part ?? 0),
  );
  if (hours! > 23 || minutes! > 59 || seconds! > 59) return undefined;
  const fraction = Number(`0.${match[5] ?? '0'}`);
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds! + fraction) * 1000;
}
