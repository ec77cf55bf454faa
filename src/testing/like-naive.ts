/** Compares a kernel with its naive form. Not part of the product. */
import { expect } from 'vitest'
import type { KernelCall, Operand } from '../backends/kernel-calls'
import type { Machine } from '../backends/machine'
import type { HostArray } from '../core/host-array'
import { runCall } from './one-call'
import { planMachine } from './plan-machine'

export interface CallCase {
  readonly title: string
  readonly call: KernelCall
  readonly inputs: ReadonlyMap<Operand, HostArray>
  /** Largest |found − expected| / (1 + |expected|); 0: exact. */
  readonly tolerance: number
}

/** What differs first by more than allowed; NaN and infinities must be the same. */
export function difference(found: HostArray, expected: HostArray, tolerance: number): string | undefined {
  for (let i = 0; i < expected.values.length; i++) {
    const [a, b] = [found.values[i]!, expected.values[i]!]
    if (a === b || Object.is(a, b)) continue
    const error = Math.abs(Number(a) - Number(b)) / (1 + Math.abs(Number(b)))
    if (!(error <= tolerance)) return `element ${i} is ${a}, expected ${b}`
  }
  return undefined
}

/** All outputs of a call on a machine, against those of the naive machine. */
export async function expectLikeNaive(machine: Machine, { title, call, inputs, tolerance }: CallCase): Promise<void> {
  expect(machine.supports(call), title).toBe(true)
  const found = await runCall(machine, call, inputs)
  const expected = await runCall(planMachine, call, inputs)
  expect(found.map(({ dtype, shape }) => `${dtype} ${shape.join()}`)).toEqual(
    expected.map(({ dtype, shape }) => `${dtype} ${shape.join()}`),
  )
  expected.forEach((one, i) => expect(difference(found[i]!, one, tolerance), title).toBeUndefined())
}
