import { deviceLayout } from '../../../core/device-layout'
import { elementCount } from '../../../core/dtypes'
import type { CountCall, InsertCall, OneHotCall, ReverseCall } from '../../place-calls'
import type { Kernel } from '../dispatch'
import { isIndex, wide, widthOf } from './units'

/** Entries written into a cache from a place per batch entry on. */
export const insert: Kernel<InsertCall> = {
  supports: ({ input, updates, starts, output }) =>
    input.dtype === output.dtype && updates.dtype === output.dtype && isIndex(starts),
  encode({ input, updates, starts, output, outer, size, length, inner, isCircular }) {
    const width = widthOf(output, inner)
    return [
      {
        shader: 'insert',
        storage: [
          wide('x', input, width),
          wide('updates', updates, width),
          { name: 'starts', of: starts },
          wide('y', output, width),
        ],
        sizes: { outer, size, length, inner: inner / width },
        constants: { CIRCULAR: isCircular },
        grid: { invocations: elementCount(output.shape) / width },
      },
    ]
  },
}

/** Sequences of different lengths, backwards. */
export const reverse: Kernel<ReverseCall> = {
  supports: ({ input, lengths, output }) => input.dtype === output.dtype && isIndex(lengths),
  encode({ input, lengths, output, batch, size, inner, isBatchFirst }) {
    const width = widthOf(output, inner)
    return [
      {
        shader: 'reverse',
        storage: [wide('x', input, width), { name: 'lengths', of: lengths }, wide('y', output, width)],
        sizes: { batch, size, inner: inner / width },
        constants: { BATCH_FIRST: isBatchFirst },
        grid: { invocations: elementCount(output.shape) / width },
      },
    ]
  },
}

export const oneHot: Kernel<OneHotCall> = {
  supports: ({ input, values, output }) => values.dtype === output.dtype && input.dtype !== 'bool',
  encode: ({ input, values, output, size, inner }) => [
    {
      shader: 'one-hot',
      storage: [
        { name: 'x', of: input },
        { name: 'values', of: values },
        { name: 'y', of: output },
      ],
      sizes: { size, inner },
      constants: { IS_FLOAT: deviceLayout(input.dtype)?.scalar === 'f32' },
      grid: { invocations: elementCount(output.shape) },
    },
  ],
}

/** How often sequences of a pool occur in rows of integers. */
export const count: Kernel<CountCall> = {
  supports: ({ input, output, sequences }) =>
    isIndex(input) &&
    output.dtype === 'float32' &&
    sequences.every(({ elements }) => elements.length > 0 && elements.every((one) => one === (one | 0))),
  encode: (call) => [
    {
      shader: 'count',
      storage: [
        { name: 'x', of: call.input },
        { name: 'table', of: { table: tableOf(call) } },
        { name: 'weights', of: { table: Float32Array.from(call.weights) } },
        { name: 'y', of: call.output },
      ],
      sizes: { row_length: call.length, slots: call.weights.length, skips: call.skips },
      constants: { IS_ONCE: call.isOnce },
      grid: { invocations: call.rows * call.weights.length },
    },
  ],
}

/** Where the sequences of each slot begin, where the last ones end, and then each: how many elements, and they. */
function tableOf({ sequences, weights }: CountCall): Int32Array<ArrayBuffer> {
  const starts: number[] = []
  const listed: number[] = []
  weights.forEach((_, slot) => {
    starts.push(weights.length + 1 + listed.length)
    for (const one of sequences) if (one.slot === slot) listed.push(one.elements.length, ...one.elements)
  })
  return Int32Array.from([...starts, weights.length + 1 + listed.length, ...listed])
}
