/** One kernel call on one machine: kernels are compared with their naive forms. Not part of the product. */
import { readsOf, writesOf } from '../backends/call-operands'
import type { KernelCall, Operand } from '../backends/kernel-calls'
import type { Machine, Place } from '../backends/machine'
import { elementCount, type KnownDType } from '../core/dtypes'
import type { HostArray } from '../core/host-array'

/** What a test says of an index that lies outside. */
export const indexFault = (index: number, size: number) => new Error(`index ${index} outside of ${size}`)

let lastId = 0

export const operand = (shape: readonly number[], dtype: KnownDType = 'float32'): Operand => ({
  id: ++lastId,
  dtype,
  shape,
})

/** Runs a call; `inputs` by operand. Outputs in the order of `writesOf`. */
export const runCall = (machine: Machine, call: KernelCall, inputs: ReadonlyMap<Operand, HostArray>) =>
  runCalls(machine, [call], inputs)

/** Runs calls one after the other; outputs of the last, in the order of `writesOf`. */
export async function runCalls(
  machine: Machine,
  calls: readonly KernelCall[],
  inputs: ReadonlyMap<Operand, HostArray>,
): Promise<HostArray[]> {
  const places = new Map<Operand, Place>()
  let end = 0
  for (const one of new Set(calls.flatMap((call) => [...readsOf(call), ...writesOf(call)]))) {
    places.set(one, { in: 'arena', offset: end })
    const bytes = elementCount(one.shape) * (machine.bytesPerElement(one.dtype) ?? 0)
    end += Math.ceil(bytes / machine.placeAlignment) * machine.placeAlignment
  }
  const session = await machine.open()
  try {
    const program = await session.load({
      arenaBytes: end,
      places,
      inputs: [...inputs.keys()],
      outputs: writesOf(calls.at(-1)!),
      steps: calls.map((call) => ({ type: 'call', call, title: call.kernel, cost: 1, indexError: indexFault })),
    })
    return await program.run([...inputs.values()])
  } finally {
    session.dispose()
  }
}
