import { describe, expect, it } from 'vitest'
import { hostArray } from '../../core/host-array'
import { expectLikeNaive } from '../../testing/like-naive'
import { operand, runCall } from '../../testing/one-call'
import { webgpuMachine } from '../../testing/webgpu-machine'
import type { Operand, RecurrentCall } from '../kernel-calls'
import { numbers } from '../wasm/kernels-kit'

const GATES = { lstm: 4, gru: 3, rnn: 1 }

interface Form {
  readonly type: RecurrentCall['type']
  readonly steps: number
  readonly batch: number
  readonly size: number
  /** Everything that may be left out. */
  readonly isFull: boolean
  readonly isReverse: boolean
  readonly linearBeforeReset?: boolean
  readonly lengths?: readonly number[]
}

function caseOf(form: Form) {
  const { type, steps, batch, size, isFull, isReverse, linearBeforeReset = false, lengths } = form
  const rows = GATES[type] * size
  const state = (wanted: boolean) => (wanted ? operand([batch, size]) : undefined)
  const recurrentBias = isFull && type === 'gru' ? operand([size]) : undefined
  const initialHidden = state(isFull)
  const initialCell = state(isFull && type === 'lstm')
  const peephole = isFull && type === 'lstm' ? operand([3 * size]) : undefined
  const lastCell = state(type === 'lstm' && isFull)
  const ends = lengths && operand([batch], 'int32')
  const call: RecurrentCall = {
    ...{ kernel: 'recurrent', type, linearBeforeReset, steps, batch, size, isReverse },
    gates: operand([steps, batch, rows]),
    recurrent: operand([rows, size]),
    hidden: operand([steps, batch, size]),
    lastHidden: operand([batch, size]),
    ...(recurrentBias && { recurrentBias }),
    ...(initialHidden && { initialHidden }),
    ...(initialCell && { initialCell }),
    ...(peephole && { peephole }),
    ...(lastCell && { lastCell }),
    ...(ends && { lengths: ends }),
  }
  const read = [call.gates, call.recurrent, recurrentBias, initialHidden, initialCell, peephole]
  const inputs = new Map(
    read.filter((one): one is Operand => one !== undefined).map((one, i) => [one, scaled(one, i)] as const),
  )
  if (ends) inputs.set(ends, hostArray('int32', [batch], [...lengths]))
  return { title: JSON.stringify(form), call, inputs, tolerance: 3e-6 }
}

/** Small weights, so that gates do not saturate. */
function scaled(one: Operand, seed: number) {
  return numbers(one, 1, (i) => Math.sin(i * 1.3 + seed) * 0.4 + 0.05)
}

const machine = () => webgpuMachine()

describe('recurrent layers', () => {
  it.each(['lstm', 'gru', 'rnn'] as const)('%s gives what its naive form gives', async (type) => {
    for (const isFull of [false, true]) {
      for (const isReverse of [false, true]) {
        for (const linearBeforeReset of type === 'gru' ? [false, true] : [false]) {
          for (const lengths of [undefined, [3, 0, 5]]) {
            const one = caseOf({
              ...{ type, steps: 5, batch: 3, size: 7, isFull, isReverse, linearBeforeReset },
              ...(lengths && { lengths }),
            })
            await expectLikeNaive(await machine(), one)
          }
        }
      }
    }
  })

  it('more units than a workgroup', async () => {
    for (const size of [67, 68]) {
      for (const type of ['lstm', 'gru', 'rnn'] as const) {
        const form = { type, steps: 4, batch: 2, size, isFull: true, isReverse: false }
        await expectLikeNaive(await machine(), caseOf(form))
        if (type === 'gru') await expectLikeNaive(await machine(), caseOf({ ...form, linearBeforeReset: true }))
      }
    }
  })

  it('a length that is too large ends the run', async () => {
    const { call, inputs } = caseOf({
      ...{ type: 'rnn', steps: 2, batch: 2, size: 3, isFull: false, isReverse: false, lengths: [2, 3] },
    })
    await expect(runCall(await machine(), call, inputs)).rejects.toThrow('index 3')
  })
})
