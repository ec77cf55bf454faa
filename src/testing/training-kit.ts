/** Graphs that a builder made, run on every machine; inputs that scripts/references/*.py compute as well. */
import { hostArray, numbersOf, type HostArray } from '../core/host-array'
import { elementCount } from '../core/dtypes'
import type { GraphBuilder } from '../engine/build/graph-builder'
import { modelOf } from '../engine/build/model-of'
import type { Feeds } from '../engine/session'
import type { ValueName } from '../ops/gradient'
import type { TestMachine } from './planned'
import { testMachines } from './machines'

/** sin(step · i + offset) · (1 + i mod 3) */
export function wave(shape: readonly number[], step = 0.7, offset = 0.3): HostArray {
  const values = Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(step * i + offset) * (1 + (i % 3)))
  return hostArray('float32', shape, values)
}

/** Marks values as outputs and computes them. */
export async function runBuilt(
  builder: GraphBuilder,
  feeds: Feeds,
  { outputs, machine }: { readonly outputs: readonly ValueName[]; readonly machine: TestMachine },
): Promise<HostArray[]> {
  builder.graph.outputs = []
  for (const value of new Set(outputs)) builder.output(value)
  const found = await machine.run(modelOf(builder.graph), feeds)
  return outputs.map((value) => found.get(value)!)
}

/** |found − expected| over all elements, relative to expected where that is above 1. */
export function largestError(found: HostArray, expected: readonly number[]): number {
  const values = numbersOf(found)
  if (values.length !== expected.length) return Infinity
  return expected.reduce((worst, one, i) => {
    const error = Math.abs(values[i]! - one) / Math.max(1, Math.abs(one))
    return Number.isNaN(error) ? Infinity : Math.max(worst, error)
  }, 0)
}

/** Names of `testMachines`, for one test per machine. */
export const machines = testMachines()
