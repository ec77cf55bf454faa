/**
 * Names come from files and may hold anything. In one line, without control characters (a terminal obeys them) and
 * without marks that turn the direction of text around, they can be shown; long ones lose their middle.
 */
export function oneLine(text: string, maxLength = 600): string {
  const clean = text.replace(/[\p{Cc}\p{Surrogate}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
  if (clean.length <= maxLength) return clean
  const end = Math.floor(maxLength / 3)
  return `${clean.slice(0, maxLength - end)} … ${clean.slice(-end)}`
}

/** As `oneLine` for each line of a text: line breaks of the text itself stay. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => oneLine(line, Infinity))
    .join('\n')
}
