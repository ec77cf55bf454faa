/** Numbers as people read them; used by the terminal, HTML reports and the page alike. */

/** Decimal units; French counts octets. */
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']
const OCTET_UNITS = ['o', 'ko', 'Mo', 'Go', 'To']

const isFrench = (locale: string) => /^fr\b/i.test(locale)

/** Number and unit; in French they may not part at the end of a line. */
const withUnit = (value: string, unit: string | undefined, locale: string) =>
  `${value}${isFrench(locale) ? '\u00a0' : ' '}${unit}`

/** Decimal units, as file managers and download dialogs show them. */
export function formatBytes(bytes: number, locale = 'en'): string {
  const units = isFrench(locale) ? OCTET_UNITS : BYTE_UNITS
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  const number = value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return withUnit(number, units[unit], locale)
}

/** Milliseconds with three significant digits; seconds from one second on. */
export function formatMs(ms: number, locale = 'en'): string {
  const [value, unit] = ms >= 1000 ? [ms / 1000, 's'] : [ms, 'ms']
  return withUnit(value.toLocaleString(locale, { maximumSignificantDigits: 3 }), unit, locale)
}

/** A fraction as a percentage. CLDR's space before the sign of French differs by version; typography asks for the narrow one. */
export function formatPercent(fraction: number, digits = 1, locale = 'en'): string {
  const options = { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return narrowPercent(fraction.toLocaleString(locale, options))
}

export const narrowPercent = (text: string) => text.replace(/\s%$/, '\u202f%')

/** Decibels; null stands for identical outputs, whose ratio has no number. */
export function formatDb(db: number | null, locale = 'en', identical = 'identical'): string {
  if (db === null) return identical
  return withUnit(
    db.toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false }),
    'dB',
    locale,
  )
}

/** 'about 2 min', 'about 12 s'. */
export function formatRemaining(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 1) return 'less than 1 s'
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`
  return `about ${Math.ceil(seconds / 60)} min`
}
