import { formatBytes, formatDb, formatMs, formatPercent, narrowPercent } from '../core/format-text'
import { locale, t } from './text'

/** Numbers, sizes, durations, dates and lists of the page, in its language. */
export const bytes = (value: number) => formatBytes(value, locale())
export const ms = (value: number) => formatMs(value, locale())
export const percent = (fraction: number, digits = 1) => formatPercent(fraction, digits, locale())
export const db = (value: number | null) => formatDb(value, locale(), t.measures.identical)
export const whole = (value: number) => value.toLocaleString(locale())

/** 1.2M, 98.3K: for counts that nobody reads digit by digit. */
export const compact = (value: number) =>
  value.toLocaleString(locale(), { notation: 'compact', maximumSignificantDigits: 3 })

/** With exactly `digits` decimals, and a real minus. */
export const fixed = (value: number, digits: number) =>
  value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−')

/** As few digits as tell it from its neighbours on an axis: 0.2, 1,500, −3. */
export const plainNumber = (value: number) =>
  value.toLocaleString(locale(), { maximumSignificantDigits: 6 }).replace('-', '−')

/** With `digits` significant digits, also for very small numbers: 0.00000123 → "1.23E-6". */
export const significant = (value: number, digits: number) =>
  value.toLocaleString(locale(), {
    ...{ minimumSignificantDigits: digits, maximumSignificantDigits: digits },
    notation: value !== 0 && Math.abs(value) < 1e-4 ? 'scientific' : 'standard',
  })

/** With a sign, a real minus, and no "−0.0". */
export function signed(value: number, digits: number): string {
  const size = fixed(Math.abs(value), digits)
  const isZero = Number(Math.abs(value).toFixed(digits)) === 0
  return isZero ? size : `${value < 0 ? '−' : '+'}${size}`
}

/** A relative error as a percentage with two significant digits: 0.014 → "1.4%". */
export function relativeError(sqnrDb: number): string {
  const fraction = 10 ** (-sqnrDb / 20)
  return narrowPercent(fraction.toLocaleString(locale(), { style: 'percent', maximumSignificantDigits: 2 }))
}

/** "about 12 s", "about 2 min": an estimate claims no more than it knows. */
export function remaining(timeMs: number): string {
  const seconds = timeMs / 1000
  if (seconds < 1) return t.measures.lessThanSecond
  if (seconds < 90) return t.measures.aboutSeconds(whole(Math.ceil(seconds)))
  return t.measures.aboutMinutes(whole(Math.ceil(seconds / 60)))
}

/** "Jul 14, 2026, 9:05 AM", "14 juil. 2026, 09:05", in the time zone of the device. */
export const dateTime = (time: number | Date) => formatDate({ dateStyle: 'medium', timeStyle: 'short' }, time)

/** "July 14, 2026", "14 juillet 2026". */
export const day = (time: number | Date) => formatDate({ dateStyle: 'long' }, time)

const formatDate = (options: Intl.DateTimeFormatOptions, time: number | Date) =>
  new Intl.DateTimeFormat(locale(), options).format(time)

const SPANS = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "now", "3 minutes ago", "yesterday", "last month": how long before `now`, rounded down. */
export function ago(time: number, now = Date.now()): string {
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  const pastMs = Math.max(0, now - time) // a clock that was set back
  for (const [unit, lengthMs] of SPANS) {
    if (pastMs >= lengthMs) return words.format(-Math.floor(pastMs / lengthMs), unit)
  }
  return words.format(0, 'second')
}

/** "a, b and c", "a, b et c". */
export const list = (items: readonly string[], type: 'conjunction' | 'disjunction' | 'unit' = 'conjunction') =>
  new Intl.ListFormat(locale(), { type, style: type === 'unit' ? 'narrow' : 'long' }).format(items)

/** A number as people type it: a decimal comma counts as a point where the language writes it. */
export function typedNumber(text: string): string {
  const [, comma] = /1(\D)5/.exec((1.5).toLocaleString(locale())) ?? []
  const plain = text.replace(/[\u00a0\u202f ]/g, '')
  return comma === ',' && /^[+-]?\d*,\d+$/.test(plain) ? plain.replace(',', '.') : text
}
