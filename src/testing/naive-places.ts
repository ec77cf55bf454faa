/** Kernel calls that move elements to and from named places, naively: see naive-kernels.ts. Not part of the product. */
import type {
  Blocks,
  CountCall,
  GatherBlocksCall,
  InsertCall,
  OneHotCall,
  ReverseCall,
  ScatterBlocksCall,
} from '../backends/place-calls'
import { elementCount } from '../core/dtypes'
import { numbersOf, type HostArray, type Values } from '../core/host-array'
import type { ArrayOf, OnIndexFault } from './naive-kernels'

type Element = Values[number]

/** Where the block of each tuple begins. */
function startsOf({ sizes, strides, limits, steps }: Blocks, indices: HostArray, onFault: OnIndexFault): number[] {
  const numbers = numbersOf(indices)
  return Array.from({ length: elementCount(sizes) }, (_, tuple) => {
    let start = 0
    let rest = tuple
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      start += (rest % sizes[axis]!) * strides[axis]!
      rest = Math.floor(rest / sizes[axis]!)
    }
    limits.forEach((limit, d) => {
      const given = numbers[tuple * limits.length + d] as number
      const index = given < 0 ? given + limit : given
      if (index < 0 || index >= limit) onFault(given, limit)
      start += index * steps[d]!
    })
    return start
  })
}

export function gatherBlocks(
  { input, indices, output, blocks }: GatherBlocksCall,
  arrayOf: ArrayOf,
  onFault: OnIndexFault,
) {
  const [from, to] = [arrayOf(input).values, arrayOf(output).values]
  startsOf(blocks, arrayOf(indices), onFault).forEach((start, t) => {
    for (let k = 0; k < blocks.block; k++) to[t * blocks.block + k] = from[start + k]!
  })
}

const isNaN = (value: Element) => typeof value === 'number' && Number.isNaN(value)

/** Both elements are of one kind, numbers or bigints. */
const COMBINE: Record<ScatterBlocksCall['reduction'], (old: Element, update: Element) => Element> = {
  none: (_, update) => update,
  add: (old, update) => (old as number) + (update as number),
  mul: (old, update) => (old as number) * (update as number),
  max: (old, update) => (isNaN(old) || old > update ? old : update),
  min: (old, update) => (isNaN(old) || old < update ? old : update),
}

/** Their product may have more bits than a double holds. */
const multiplyWords = (old: Element, update: Element) => Math.imul(old as number, update as number)

export function scatterBlocks(call: ScatterBlocksCall, arrayOf: ArrayOf, onFault: OnIndexFault): void {
  const [from, updates, to] = [call.input, call.updates, call.output].map((one) => arrayOf(one).values)
  const { block } = call.blocks
  const isWord = to instanceof Int32Array || to instanceof Uint32Array
  const combine = isWord && call.reduction === 'mul' ? multiplyWords : COMBINE[call.reduction]
  from!.forEach((value: Element, i: number) => (to![i] = value))
  startsOf(call.blocks, arrayOf(call.indices), onFault).forEach((start, t) => {
    for (let k = start; k < start + block; k++) {
      to![k] = combine(to![k]!, updates![t * block + k - start]!)
    }
  })
}

export function insert(call: InsertCall, arrayOf: ArrayOf, onFault: OnIndexFault): void {
  const { batch, outer, size, length, inner, isCircular } = call
  const [from, updates, to] = [call.input, call.updates, call.output].map((one) => arrayOf(one).values)
  const starts = numbersOf(arrayOf(call.starts))
  from!.forEach((value: Element, i: number) => (to![i] = value))
  for (let line = 0; line < batch * outer; line++) {
    const start = starts[Math.floor(line / outer)] as number
    if (start < 0 || (!isCircular && start > size - length)) onFault(start, size)
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < inner; k++) {
        to![(line * size + ((start + i) % size)) * inner + k] = updates![(line * length + i) * inner + k]!
      }
    }
  }
}

export function reverse(call: ReverseCall, arrayOf: ArrayOf, onFault: OnIndexFault): void {
  const { batch, size, inner, isBatchFirst } = call
  const [from, to] = [arrayOf(call.input).values, arrayOf(call.output).values]
  const lengths = numbersOf(arrayOf(call.lengths))
  const at = (step: number, b: number) => (isBatchFirst ? b * size + step : step * batch + b) * inner
  for (let b = 0; b < batch; b++) {
    const length = lengths[b] as number
    if (length < 0 || length > size) onFault(length, size)
    for (let step = 0; step < size; step++) {
      const source = step < length ? length - 1 - step : step
      for (let k = 0; k < inner; k++) to[at(step, b) + k] = from[at(source, b) + k]!
    }
  }
}

export function oneHot({ input, values, output, outer, size, inner }: OneHotCall, arrayOf: ArrayOf): void {
  const [indices, [off, on], to] = [numbersOf(arrayOf(input)), arrayOf(values).values, arrayOf(output).values]
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      const index = Math.trunc(indices[o * inner + k] as number)
      const entry = index < 0 ? index + size : index
      for (let d = 0; d < size; d++) to[(o * size + d) * inner + k] = d === entry ? on! : off!
    }
  }
}

export function count(call: CountCall, arrayOf: ArrayOf): void {
  const { rows, length, sequences, skips, weights, isOnce } = call
  const [x, y] = [numbersOf(arrayOf(call.input)), arrayOf(call.output).values]
  for (let r = 0; r < rows; r++) {
    const row = [...x.subarray(r * length, (r + 1) * length)]
    const counts = new Array<number>(weights.length).fill(0)
    for (const { slot, elements } of sequences) {
      for (let step = 1; step <= (elements.length === 1 ? 1 : skips + 1); step++) {
        const found = row.filter((_, first) => elements.every((one, i) => row[first + i * step] === one))
        counts[slot]! += found.length
      }
    }
    counts.forEach((found, slot) => {
      y[r * weights.length + slot] = (isOnce ? Math.min(found, 1) : found) * weights[slot]!
    })
  }
}
