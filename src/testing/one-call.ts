/** One kernel call on one machine: kernels are compared with their naive forms. Not part of the product. */
import { readsOf, writesOf } from '../backends/call-operands'
import type { KernelCall, Operand } from '../backends/kernel-calls'
import type { Machine, Place } from '../backends/machine'
import { elementCount, type KnownDType } from '../core/dtypes'
import type { HostArray } from '../core/host-array'

let lastId = 0

export const operand = (shape: readonly number[], dtype: KnownDType = 'float32'): Operand => ({
  id: ++lastId,
  dtype,
  shape,
})

/** Runs a call; `inputs` by operand. Outputs in the order of `writesOf`. */
export async function runCall(
  machine: Machine,
  call: KernelCall,
  inputs: ReadonlyMap<Operand, HostArray>,
): Promise<HostArray[]> {
  const places = new Map<Operand, Place>()
  let end = 0
  for (const one of [...new Set([...readsOf(call), ...writesOf(call)])]) {
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
      outputs: writesOf(call),
      steps: [
        {
          type: 'call',
          call,
          title: call.kernel,
          cost: 1,
          indexError: (index, size) => new Error(`index ${index} outside of ${size}`),
        },
      ],
    })
    return await program.run([...inputs.values()])
  } finally {
    session.dispose()
  }
}
