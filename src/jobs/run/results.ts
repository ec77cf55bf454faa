import { hostArray, numbersOf, toTensor, type HostArray } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import type { Note } from '../../core/progress'
import type { Tensor } from '../../core/tensor'

/** What NumPy has no type for, and the type that holds each of its values exactly. */
const WIDER: Partial<Record<KnownDType, KnownDType>> = {
  bfloat16: 'float32',
  float8e4m3fn: 'float32',
  float8e4m3fnuz: 'float32',
  float8e5m2: 'float32',
  float8e5m2fnuz: 'float32',
  float8e8m0: 'float32',
  float4e2m1: 'float32',
  int4: 'int8',
  int2: 'int8',
  uint4: 'uint8',
  uint2: 'uint8',
}

/** Results as a .npz archive can hold them: types that NumPy lacks become wider ones, exactly, with a note. */
export function forNumpy(outputs: ReadonlyMap<string, HostArray>): { arrays: Map<string, Tensor>; notes: Note[] } {
  const notes: Note[] = []
  const arrays = new Map<string, Tensor>()
  for (const [name, array] of outputs) {
    const wider = WIDER[array.dtype]
    if (wider) {
      const text = `NumPy has no type for ${array.dtype}: the output ${name} was written as ${wider}, with the same values.`
      notes.push({ severity: 'info', text })
    }
    arrays.set(name, toTensor(wider ? hostArray(wider, array.shape, numbersOf(array)) : array))
  }
  return { arrays, notes }
}
