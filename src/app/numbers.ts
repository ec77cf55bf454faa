import { formatBytes, formatDb, formatMs, formatPercent } from '../core/format-text'
import { locale } from './text'

/** Numbers of the page, in its language. */
export const bytes = (value: number) => formatBytes(value, locale())
export const ms = (value: number) => formatMs(value, locale())
export const percent = (fraction: number, digits = 1) => formatPercent(fraction, digits, locale())
export const db = formatDb
export const whole = (value: number) => value.toLocaleString(locale())

/** 1.2 M, 98.3 k: for counts that nobody reads digit by digit. */
export const compact = (value: number) =>
  value.toLocaleString(locale(), { notation: 'compact', maximumSignificantDigits: 3 })

/** With a sign, a real minus, and no "−0.0". */
export function signed(value: number, digits: number): string {
  const size = Math.abs(value).toLocaleString(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  const isZero = Number(Math.abs(value).toFixed(digits)) === 0
  return isZero ? size : `${value < 0 ? '−' : '+'}${size}`
}

/** A relative error as a percentage with two significant digits: 0.014 → "1.4 %". */
export function relativeError(sqnrDb: number): string {
  const fraction = 10 ** (-sqnrDb / 20)
  return fraction.toLocaleString(locale(), { style: 'percent', maximumSignificantDigits: 2 })
}
