/** What a cell says, once its delimiters and quotes are gone. */

/** Texts that stand for nothing: those of pandas 2.2 (`read_csv`, na_values) and of UCI's files ('?'), in lower case. */
const MISSING = new Set([
  ...[
    '',
    '?',
    '-',
    '--',
    '.',
    'na',
    'n/a',
    '#n/a',
    '#na',
    '<na>',
    'nan',
    '-nan',
    '1.#qnan',
    '-1.#qnan',
    '1.#ind',
    '-1.#ind',
  ],
  ...['null', 'none', 'nil', '#n/a n/a', 'missing', '(null)', '#value!', '#ref!', '#div/0!'],
])

/** The longest of them. */
const MISSING_LENGTH = 9

/** @param text without spaces around it */
export const isMissing = (text: string): boolean => text.length <= MISSING_LENGTH && MISSING.has(text.toLowerCase())

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const INFINITE = /^([+-]?)inf(?:inity)?$/i
const COMMA = /^[+-]?(?:\d+,\d*|,\d+|\d+)(?:[eE][+-]?\d+)?$/

/**
 * A decimal number, or an infinity; undefined for what is neither.
 * @param text without spaces around it
 */
export function numberIn(text: string, hasDecimalComma = false): number | undefined {
  if (NUMBER.test(text)) return Number(text)
  if (hasDecimalComma && COMMA.test(text)) return Number(text.replace(',', '.'))
  const infinite = INFINITE.exec(text)
  return infinite ? (infinite[1] === '-' ? -Infinity : Infinity) : undefined
}
