/** Programs for several sizes of the batch become one, with addresses. */
import { UnsupportedError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import type { Program } from './program'
import { placeValues, storeConstants, type Life, type Stored } from './storage'
import { joinVersions, lineThrough, valueAt, type Linear } from './text'

export interface Assembled {
  readonly weights: Stored
  /** Lines that run once, when the weights are there; and those that run for each batch, of `n` samples. */
  readonly once: readonly string[]
  readonly lines: readonly string[]
  /** Floats of memory. */
  readonly memory: number
  /** Most samples that one run takes. */
  readonly batch: number
  /** Addresses of the graph's inputs and outputs; an input that nothing reads has none. */
  readonly inputs: readonly (number | undefined)[]
  readonly outputs: readonly number[]
}

/** Floats that a batch may need. */
const BATCH_FLOATS = 1 << 20
const MOST_SAMPLES = 64

/** @param programs for each of `batches` */
export function assemble(programs: readonly Program[], batches: readonly number[]): Assembled {
  const [program] = programs as [Program]
  const dependsOnBatch = program.lines.map((_, i) => isDifferent(programs, i))
  const isOnce = linesRunOnce(program, dependsOnBatch)
  const sizes = sizesOf(programs, batches)
  const batch = batches.length === 1 ? (batches[0] as number) : mostSamples(sizes)
  const sizeOf = (id: number) => valueAt(sizes.get(id) as Linear, batch)

  const weights = storeConstants(usedConstants(program))
  const made = new Set(program.lines.flatMap(({ writes }, i) => (isOnce[i] ? writes : [])))
  const kept = placeValues(livesOf(program, made, sizeOf, true), weights.end)
  const rest = placeValues(livesOf(program, made, sizeOf, false), kept.end)
  const addressOf = (id: number): number =>
    (weights.addresses.get(id) ?? kept.addresses.get(id) ?? rest.addresses.get(id)) as number
  const texts = program.lines.map((_, i) => {
    const versions = programs.map(({ lines }) => lines[i]?.text ?? [])
    // sizes that do not depend on the batch need no parentheses
    return joinVersions(versions, batches, addressOf).replaceAll(/(?<!\w)\((\d+)\)/g, '$1')
  })
  return {
    ...{ weights, memory: rest.end, batch },
    once: texts.filter((_, i) => isOnce[i]),
    lines: texts.filter((_, i) => !isOnce[i]),
    inputs: program.inputs.map((id) => (id === undefined ? undefined : addressOf(id))),
    outputs: program.outputs.map(({ operand }) => addressOf(operand)),
  }
}

/** Whether line `i` is another one for another batch. */
function isDifferent(programs: readonly Program[], i: number): boolean {
  const texts = programs.map(({ lines }) => JSON.stringify(lines[i]?.text))
  return texts.some((text) => text !== texts[0])
}

/** Lines that depend on nothing but weights. */
function linesRunOnce({ lines, constants }: Program, dependsOnBatch: readonly boolean[]): readonly boolean[] {
  const isOnce = dependsOnBatch.map((depends) => !depends)
  const writers = new Map<number, number[]>()
  lines.forEach(({ writes }, i) => writes.forEach((id) => writers.set(id, [...(writers.get(id) ?? []), i])))
  const isFixed = (id: number) => constants.has(id) || (writers.get(id)?.every((i) => isOnce[i]) ?? false)
  for (let changed = true; changed;) {
    changed = false
    lines.forEach(({ reads, writes }, i) => {
      if (!isOnce[i] || [...reads, ...writes].every(isFixed)) return
      isOnce[i] = false
      changed = true
    })
  }
  return isOnce
}

function sizesOf(programs: readonly Program[], batches: readonly number[]): ReadonlyMap<number, Linear> {
  const [first] = programs as [Program]
  return new Map(
    [...first.sizes].map(([id, size]) => {
      const line = lineThrough(
        batches,
        programs.map(({ sizes }) => sizes.get(id) ?? NaN),
      )
      if (line) return [id, line]
      throw new UnsupportedError(`The model makes values whose size (${size}) does not grow evenly with the batch.`)
    }),
  )
}

function mostSamples(sizes: ReadonlyMap<number, Linear>): number {
  const each = [...sizes.values()].reduce((sum, size) => sum + size.each, 0)
  return Math.min(MOST_SAMPLES, Math.max(1, Math.floor(BATCH_FLOATS / Math.max(1, each))))
}

function usedConstants({ lines, constants, outputs }: Program): ReadonlyMap<number, HostArray> {
  const used = new Set([...lines.flatMap(({ reads }) => reads), ...outputs.map(({ operand }) => operand)])
  return new Map([...constants].filter(([id]) => used.has(id)))
}

/** @param isKept those that are made once, and stay; else those of a batch */
function livesOf(
  { lines, constants, inputs, outputs }: Program,
  made: ReadonlySet<number>,
  sizeOf: (id: number) => number,
  isKept: boolean,
): readonly Life[] {
  const lives = new Map<number, Life>()
  const touch = (id: number, at: number) => {
    if (constants.has(id) || made.has(id) !== isKept) return
    const before = lives.get(id)
    lives.set(id, { id, size: sizeOf(id), from: before?.from ?? at, to: Math.max(before?.to ?? at, at) })
  }
  for (const id of inputs) if (id !== undefined) touch(id, -1)
  lines.forEach(({ reads, writes }, i) => [...reads, ...writes].forEach((id) => touch(id, i)))
  for (const { operand } of outputs) touch(operand, lines.length)
  return [...lives.values()].map((life) => (isKept ? { ...life, from: -1, to: lines.length } : life))
}
