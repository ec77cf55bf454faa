import { UsageError } from '../core/errors'
import type { Budget } from './report'

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
}
const EXAMPLES = 'Give no-loss, drop=0.5% or size=2MB.'

/**
 * `no-loss`, `drop=0.5%` (or a fraction, `drop=0.005`), `size=2MB` (B, kB, MB, GB; kiB, MiB, GiB for powers of 1024).
 * @throws UsageError naming what was expected and found
 */
export function parseBudget(text: string): Budget {
  const [, kind, number = '', unit = ''] = /^(no-loss|drop|size)(?:=\s*([\d.]+)\s*([a-z%]*))?$/i.exec(text.trim()) ?? []
  if (kind === 'no-loss' && number === '') return { kind }
  const value = /^(\d+\.?\d*|\.\d+)$/.test(number) ? Number(number) : NaN
  if (kind === 'drop' && (unit === '%' || unit === '')) return { kind, drop: dropOf(value, unit, text) }
  const factor = UNITS[unit.toLowerCase()]
  if (kind === 'size' && factor !== undefined) {
    const sizeBytes = Math.round(value * factor)
    if (sizeBytes >= 1 && Number.isSafeInteger(sizeBytes)) return { kind, sizeBytes }
    throw new UsageError(`The budget "${text}" has no size: expected at least 1 byte. ${EXAMPLES}`)
  }
  if (kind === 'size' && unit !== '') {
    throw new UsageError(
      `The budget "${text}" has the unit "${unit}": expected B, kB, MB, GB, kiB, MiB or GiB. ${EXAMPLES}`,
    )
  }
  throw new UsageError(`The budget "${text}" is none that Plume knows. ${EXAMPLES}`)
}

function dropOf(value: number, unit: string, text: string): number {
  // 0.5 / 100 in binary is what 0.005 is, too: both spellings mean the same budget
  const drop = unit === '%' ? Number((value / 100).toPrecision(15)) : value
  if (drop >= 0 && drop < 1) return drop
  const hint = unit === '' && value <= 100 ? ` For percent write drop=${value}%.` : ''
  throw new UsageError(
    `The budget "${text}" allows no such drop: expected 0 to below 100 %, or a fraction below 1.${hint}`,
  )
}

/** The inverse of `parseBudget`. */
export function formatBudget(budget: Budget): string {
  if (budget.kind === 'no-loss') return budget.kind
  if (budget.kind === 'drop') return `drop=${percentOf(budget.drop)}`
  const { sizeBytes } = budget
  const [unit, factor] = sizeBytes % 1e6 === 0 ? ['MB', 1e6] : sizeBytes % 1e3 === 0 ? ['kB', 1e3] : ['B', 1]
  return `size=${sizeBytes / (factor as number)}${unit}`
}

function percentOf(drop: number): string {
  const percent = Number((drop * 100).toPrecision(15))
  const isExact = Number((percent / 100).toPrecision(15)) === drop && !/e/.test(String(percent))
  return isExact ? `${percent}%` : drop.toFixed(20).replace(/0+$/, '')
}
