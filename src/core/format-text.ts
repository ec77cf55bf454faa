/** Numbers as people read them; used by the terminal, HTML reports and the page alike. */

/** Decimal units, as file managers and download dialogs show them. */
export function formatBytes(bytes: number, locale = 'en'): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${units[unit]}`
}

/** Milliseconds with three significant digits; seconds from one second on. */
export function formatMs(ms: number, locale = 'en'): string {
  const [value, unit] = ms >= 1000 ? [ms / 1000, 's'] : [ms, 'ms']
  return `${value.toLocaleString(locale, { maximumSignificantDigits: 3 })} ${unit}`
}

/** A fraction as a percentage. */
export function formatPercent(fraction: number, digits = 1, locale = 'en'): string {
  return fraction.toLocaleString(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** Decibels; null stands for identical. */
export function formatDb(db: number | null): string {
  return db === null ? 'identical' : `${db.toFixed(1)} dB`
}

/** 'about 2 min', 'about 12 s'. */
export function formatRemaining(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 1) return 'less than 1 s'
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`
  return `about ${Math.ceil(seconds / 60)} min`
}
