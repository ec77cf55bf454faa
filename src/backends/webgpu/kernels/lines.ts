/** What kernels along the middle of [outer, size, inner] have in common: how lines are cut for more invocations. */
import type { Operand } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Storage, Temporary } from '../dispatch'

export interface Lines {
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/** Invocations that keep a device busy; elements that are worth an invocation; parts that one more dispatch combines quickly. */
const WANTED = { software: 256, hardware: 16384 }
const LEAST_PART = 64
const MOST_PARTS = 256

/** Parts that each line is cut into: 1 where there are lines enough. */
export function partsOf({ outer, size, inner }: Lines, { isSoftware }: DeviceFacts): number {
  const wanted = isSoftware ? WANTED.software : WANTED.hardware
  return Math.max(1, Math.min(Math.ceil(wanted / (outer * inner)), Math.floor(size / LEAST_PART), MOST_PARTS))
}

export const isFloat = (...operands: readonly (Operand | undefined)[]): boolean =>
  operands.every((one) => one === undefined || one.dtype === 'float32')

export const temporary = (scalar: Temporary['temporary'], count: number): Temporary => ({ temporary: scalar, count })

/** A dispatch that takes one part of each line: y [outer, parts, inner]. */
export function partsDispatch(
  dispatch: Omit<Dispatch, 'grid' | 'sizes'> & { readonly sizes?: Dispatch['sizes'] },
  { outer, size, inner }: Lines,
  parts: number,
): Dispatch {
  return {
    ...dispatch,
    sizes: { size, inner, parts, ...dispatch.sizes },
    grid: { invocations: outer * parts * inner },
  }
}

export const storage = (name: string, of: Storage['of']): Storage => ({ name, of })

/** Elements of a row from which on a workgroup of its own is worth its tree, and beyond which few rows need several. */
const LEAST_ROW = 64
const LONG_ROW = 1 << 16
const FEW_ROWS = 64

/**
 * Invocations of the workgroup that takes a whole row on a real GPU; undefined where lines are columns or too short, where
 * few long ones leave most of the device idle, and on software adapters, whose barriers cost more than a loop.
 */
export function rowWidth({ outer, size, inner }: Lines, { isSoftware }: DeviceFacts): number | undefined {
  if (isSoftware || inner > 1 || size < LEAST_ROW || (outer < FEW_ROWS && size > LONG_ROW)) return undefined
  return size <= 512 ? 64 : 256
}

/** One workgroup per row, folded where one dimension does not hold them. */
export function rowGrid(rows: number, { limits }: DeviceFacts): Dispatch['grid'] {
  const folds = Math.ceil(rows / limits.maxComputeWorkgroupsPerDimension)
  return { workgroups: [Math.ceil(rows / folds), folds, 1] }
}

/** How many elements of a row a shader reads at once: vectors where all rows are made of whole ones. */
export type Unit = 1 | 4

/** Sum and first element of what one read gives. */
export const UNIT_FORMULAS: Readonly<Record<Unit, string>> = {
  1: `fn total_of(v: f32) -> f32 { return v; }
fn first_of(v: f32) -> f32 { return v; }`,
  4: `fn total_of(v: vec4<f32>) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn first_of(v: vec4<f32>) -> f32 { return v.x; }`,
}

export const storageBy = (unit: Unit, name: string, of: Storage['of']): Storage =>
  unit === 4 ? { name, of, vector: 4 } : { name, of }
