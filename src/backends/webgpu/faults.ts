/** What kernels found wrong, as shaders/fault.wgsl writes it. */
import { assert, DeviceError } from '../../core/errors'
import { BY_ZERO, ZERO_POWER } from '../../core/integer-rules'
import { ruleErrorOf, type Program } from '../machine'

export const FAULT_BYTES = 16

/**
 * @param words step + 1 (0: nothing), kind, detail, size
 * @param forget makes room for the next fault
 * @throws the step's own error; DeviceError for what the device cannot hold
 */
export function throwFault(words: DataView, program: Program, forget: () => void): void {
  const [step, kind, size] = [words.getUint32(0, true), words.getUint32(4, true), words.getUint32(12, true)]
  const index = words.getInt32(8, true)
  if (step === 0) return
  forget()
  const failed = program.steps[step - 1]
  assert(failed?.type === 'call', 'a step failed that cannot')
  const { call } = failed
  if (kind === 1) throw failed.indexError(index, size > 0 || !('size' in call) ? size : call.size)
  if (kind === 3) throw ruleErrorOf(failed, index === 0 ? BY_ZERO : ZERO_POWER)
  throw new DeviceError(
    `${failed.title}: a 64-bit integer leaves the 32 bits in which the GPU holds it. Use another backend for this model: wasm or reference.`,
  )
}
