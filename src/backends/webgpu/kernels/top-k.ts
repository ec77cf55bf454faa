/** The first elements of sorted lines: chunks are sorted by ranks, then runs are merged by pairs, one dispatch each. */
import { deviceLayout } from '../../../core/device-layout'
import type { TopKCall } from '../../row-calls'
import type { Dispatch, Kernel, Storage, Temporary } from '../dispatch'
import { storage, temporary } from './lines'

/** Elements that are ranked by comparing each with all: beyond it, merging does less work. */
const CHUNK = 64

/** Bits in the order of the values that they stand for; −0 is 0. */
const KEYS = {
  f32: `let given = bitcast<u32>(v);
  let bits = select(given, 0u, given == 0x80000000u);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 0xffffffffu; }
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);`,
  i32: 'return bitcast<u32>(v) ^ 0x80000000u;',
  u32: 'return v;',
}

const orderOf = (scalar: keyof typeof KEYS, isLargest: boolean): string =>
  [
    `fn rising_key(v: x_element) -> u32 { ${KEYS[scalar]} }`,
    `fn key_of(v: x_element) -> u32 { return ${isLargest ? '' : '~'}rising_key(v); }`,
  ].join('\n')

/** Sorted runs of places: each covers `span` elements of a line and holds at most `held` of them. */
interface Runs {
  readonly places: Temporary
  readonly runs: number
  readonly span: number
  readonly held: number
}

function mergeRuns(call: TopKCall, x: Storage, order: string, from: Runs): { to: Runs; dispatch: Dispatch } {
  const { outer, size, inner, count } = call
  const runs = Math.ceil(from.runs / 2)
  const kept = Math.min(2 * from.span, count)
  const places = temporary('u32', outer * inner * runs * kept)
  const slots = from.runs * from.held
  return {
    to: { places, runs, span: 2 * from.span, held: kept },
    dispatch: {
      shader: 'top-k-merge',
      storage: [x, storage('runs', from.places), storage('merged', places)],
      sizes: { size, inner, span: from.span, held: from.held, slots, kept, next_slots: runs * kept },
      slots: { order },
      grid: { invocations: outer * inner * slots },
    },
  }
}

function sortedRuns(call: TopKCall, x: Storage, order: string): { places: Runs; dispatches: Dispatch[] } {
  const { outer, size, inner, count } = call
  const runs = Math.ceil(size / CHUNK)
  const held = Math.min(CHUNK, count)
  let last: Runs = { places: temporary('u32', outer * inner * runs * held), runs, span: CHUNK, held }
  const dispatches: Dispatch[] = [
    {
      shader: 'top-k-runs',
      storage: [x, storage('runs', last.places)],
      sizes: { size, inner, chunk: CHUNK, kept: held, slots: runs * held },
      slots: { order },
      grid: { invocations: outer * inner * size },
    },
  ]
  while (last.runs > 1) {
    const { to, dispatch } = mergeRuns(call, x, order, last)
    dispatches.push(dispatch)
    last = to
  }
  return { places: last, dispatches }
}

export const topK: Kernel<TopKCall> = {
  supports: ({ input, values, indices }) =>
    deviceLayout(input.dtype) !== undefined && values.dtype === input.dtype && indices.dtype === 'int64',
  encode(call) {
    const { input, values, indices, outer, size, inner, count, isLargest } = call
    const x = storage('x', input)
    const order = orderOf(deviceLayout(input.dtype)!.scalar, isLargest)
    const { places, dispatches } = sortedRuns(call, x, order)
    const sizes = { size, inner, ranks: count, slots: places.held }
    const grid = { invocations: outer * count * inner }
    const found = storage('places', places.places)
    return [
      ...dispatches,
      { shader: 'top-k-values', storage: [x, found, storage('y', values)], sizes, grid },
      { shader: 'top-k-places', storage: [found, storage('y', indices)], sizes, grid },
    ]
  },
}
