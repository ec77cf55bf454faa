/** What operators have in common that only move elements: blocks described by strides. */
import type { AliasCall, CopyCall, KernelCall, Operand } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import type { HostArray } from '../core/host-array'
import { forEachIndex, stridesOf } from './shapes'

/** A block: for every index below `sizes`, the element at Σ index·inputStrides + inputOffset goes to that of the output. */
export interface Move {
  readonly sizes: readonly number[]
  readonly inputStrides: readonly number[]
  readonly inputOffset: number
  readonly outputStrides: readonly number[]
  readonly outputOffset: number
}

export function moveElements({ values: from }: HostArray, { values: to }: HostArray, move: Move): void {
  const { sizes, inputStrides, outputStrides, inputOffset, outputOffset } = move
  forEachIndex(sizes, [inputStrides, outputStrides], (_, [at, target]) => {
    to[outputOffset + target!] = from[inputOffset + at!]!
  })
}

export const copyCall = (input: Operand, output: Operand, move: Move): CopyCall => ({
  kernel: 'copy',
  input,
  output,
  ...compact(move),
})

/** The same elements in the same order under another shape. */
export const aliasCall = (input: Operand, output: Operand): AliasCall => ({ kernel: 'alias', input, output })

/** A copy, or another name where it would copy everything to where it is. */
export function copyOrAlias(input: Operand, output: Operand, move: Move): KernelCall {
  const { sizes, inputStrides, outputStrides, inputOffset, outputOffset } = compact(move)
  const isWhole =
    sizes.length <= 1 &&
    (sizes[0] ?? 1) === elementCount(input.shape) &&
    elementCount(input.shape) === elementCount(output.shape) &&
    [...inputStrides, ...outputStrides].every((stride) => stride === 1) &&
    inputOffset === 0 &&
    outputOffset === 0
  return isWhole ? aliasCall(input, output) : copyCall(input, output, move)
}

/** The same block with as few axes as possible: axes of size 1 go, neighbours that continue each other become one. */
export function compact(move: Move): Move {
  const sizes: number[] = []
  const inputStrides: number[] = []
  const outputStrides: number[] = []
  move.sizes.forEach((size, axis) => {
    if (size === 1) return
    const [from, to] = [move.inputStrides[axis] as number, move.outputStrides[axis] as number]
    const last = sizes.length - 1
    if (last >= 0 && inputStrides[last] === from * size && outputStrides[last] === to * size) {
      sizes[last] = (sizes[last] as number) * size
      inputStrides[last] = from
      outputStrides[last] = to
      return
    }
    sizes.push(size)
    inputStrides.push(from)
    outputStrides.push(to)
  })
  return { sizes, inputStrides, outputStrides, inputOffset: move.inputOffset, outputOffset: move.outputOffset }
}

/** Output axis i is input axis `order[i]`. */
export function transposeMove(shape: readonly number[], order: readonly number[]): Move {
  const strides = stridesOf(shape)
  const sizes = order.map((axis) => shape[axis] as number)
  return {
    sizes,
    inputStrides: order.map((axis) => strides[axis] as number),
    inputOffset: 0,
    outputStrides: stridesOf(sizes),
    outputOffset: 0,
  }
}

/** A box of `sizes` from one place of an array to a place of another. */
export function boxMove(
  sizes: readonly number[],
  input: { readonly shape: readonly number[]; readonly starts: readonly number[]; readonly steps?: readonly number[] },
  output: { readonly shape: readonly number[]; readonly starts: readonly number[] },
): Move {
  const inputStrides = stridesOf(input.shape)
  const outputStrides = stridesOf(output.shape)
  const offset = (starts: readonly number[], strides: readonly number[]) =>
    starts.reduce((sum, start, axis) => sum + start * (strides[axis] as number), 0)
  return {
    sizes,
    inputStrides: inputStrides.map((stride, axis) => stride * (input.steps?.[axis] ?? 1)),
    inputOffset: offset(input.starts, inputStrides),
    outputStrides,
    outputOffset: offset(output.starts, outputStrides),
  }
}
