/**
 * Lines of the exported program. It is made for three sizes of the batch; where their numbers differ, they grow with the
 * batch, and the program computes them from `n`.
 */
import { UnsupportedError } from '../../core/errors'

/** The address of an operand, plus so many floats. */
export interface At {
  readonly operand: number
  readonly offset: number
}

export type Piece = string | number | At
export type Text = readonly Piece[]

type Part = string | number | At | Text | readonly Part[]

/** t`gemm(${at}, ${count})`: arrays become lists in brackets only where the text has them. */
export function t(strings: TemplateStringsArray, ...parts: readonly Part[]): Text {
  const pieces: Piece[] = []
  strings.forEach((string, i) => {
    pieces.push(string)
    const part = parts[i]
    if (part !== undefined) pieces.push(...flat(part))
  })
  return pieces
}

/** [1, 2, 3] */
export const list = (numbers: readonly number[]): Text => ['[', ...separated(numbers.map((one) => [one])), ']']

export const separated = (parts: readonly Text[], by = ', '): Text =>
  parts.flatMap((part, i) => (i === 0 ? part : [by, ...part]))

const isAt = (part: Part): part is At => typeof part === 'object' && !Array.isArray(part)

function flat(part: Part): Text {
  if (typeof part === 'string' || typeof part === 'number' || isAt(part)) return [part]
  return (part as readonly Part[]).flatMap(flat)
}

/** A number as a function of the batch: `each` · n + `fixed`. */
export interface Linear {
  readonly each: number
  readonly fixed: number
}

export const valueAt = ({ each, fixed }: Linear, batch: number): number => each * batch + fixed

/** @returns undefined where the values do not lie on a line */
export function lineThrough(batches: readonly number[], values: readonly number[]): Linear | undefined {
  const [n0, n1] = batches as [number, number]
  const [v0, v1] = values as [number, number]
  if (values.every((value) => Object.is(value, v0))) return { each: 0, fixed: v0 }
  const each = (v1 - v0) / (n1 - n0)
  const line = { each, fixed: v0 - each * n0 }
  return batches.every((batch, i) => valueAt(line, batch) === values[i]) ? line : undefined
}

/** 'n', '30 * n', '30 * n + 4' */
export function describeLinear({ each, fixed }: Linear): string {
  if (each === 0) return numberText(fixed)
  const product = each === 1 ? 'n' : `${numberText(each)} * n`
  return fixed === 0 ? product : `${product} + ${numberText(fixed)}`
}

/** The shortest text that is read as the same float32. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value) || Math.fround(value) !== value) return String(value)
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(value)
}

/**
 * The text of one line for every batch.
 * @param versions the line as it is for each of `batches`
 * @param addressOf of an operand, in floats
 */
export function joinVersions(
  versions: readonly Text[],
  batches: readonly number[],
  addressOf: (operand: number) => number,
): string {
  const [first] = versions as [Text]
  if (versions.some((version) => version.length !== first.length)) return refuse()
  return first
    .map((piece, i) => {
      const same = versions.map((version) => version[i] as Piece)
      if (typeof piece === 'string') return same.every((one) => one === piece) ? piece : refuse()
      const offsets = same.map((one) => (typeof one === 'object' ? one.offset : one)) as number[]
      const line = offsets.every((one) => typeof one === 'number') ? lineThrough(batches, offsets) : undefined
      if (!line) return refuse()
      if (typeof piece === 'number') return describeLinear(line)
      const isOne = same.every((one) => typeof one === 'object' && one.operand === piece.operand)
      return isOne ? describeLinear({ ...line, fixed: line.fixed + addressOf(piece.operand) }) : refuse()
    })
    .join('')
}

function refuse(): never {
  throw new UnsupportedError(
    'The model does something else for each size of the batch, which a JavaScript module cannot do. Give it a fixed batch of 1, or use the ONNX file.',
  )
}
