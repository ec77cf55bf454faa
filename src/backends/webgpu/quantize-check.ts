import { DeviceError } from '../../core/errors'
import type { Backend } from '../backend'
import { referenceBackend } from '../reference/reference'

const COUNT = 1024

/**
 * One small tensor through a GPU and the reference. WGSL leaves the direction of rounding open, and every byte depends on it.
 * @throws DeviceError where they differ
 */
export async function checkRounding(backend: Backend): Promise<void> {
  const values = Float32Array.from({ length: COUNT }, (_, i) => (i - 511) * 0.1234567)
  // halves, and products that lie next to one
  for (let i = 0; i < COUNT; i += 4) values[i] = (i / 4 - 128 + 0.5) * 0.7
  const scale = new Float32Array([0.7, 0.3])
  const parameters = {
    ...{ layout: { outer: 2, channels: 2, inner: COUNT / 4 }, dtype: 'int8' as const, scale },
    ...{ reciprocal: scale.map((one) => 1 / one), zeroPoint: new Int32Array([3, -7]) },
  }
  const quantized = await referenceBackend.quantize(values, parameters)
  const restored = await referenceBackend.dequantize(quantized, parameters)
  const found = await backend.quantize(values, parameters)
  const foundRestored = await backend.dequantize(quantized, parameters)
  const isSame = found.every((q, i) => q === quantized[i]) && foundRestored.every((x, i) => x === restored[i])
  if (isSame) return
  throw new DeviceError(
    'This GPU rounds numbers otherwise than other machines do, so its files would differ. Use another backend: wasm or reference.',
  )
}
