import type { GemmCall } from '../../backends/kernel-calls'
import { integersOf, numbersOf, type HostArray } from '../../core/host-array'
import { flag } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { MATRIX_LIMIT, resultOf, transformMatrix, transformRow, type Transform } from '../fourier'
import { stftGradient } from './gradient'
import { defineOperator, FLOAT32, differentiable, type NodeView } from '../op'
import { mapDim } from '../shapes'

const attributes = { onesided: flag(true) }
type View = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

const numberOf = (array: HostArray | undefined): number | undefined => array && integersOf(array)[0]

function checkFrames(view: View, length: number, step: number, frame: number): void {
  if (step < 1) view.fail(`frame_step must be at least 1, not ${step}`)
  if (frame < 1 || frame > length) view.fail(`the frame length ${frame} must lie in [1, ${length}]`)
}

function transformOf(view: View, frame: number, parts: number): Transform {
  const { onesided: isOneSided } = view.attributes
  return { size: frame, parts, length: frame, isInverse: false, isOneSided }
}

/**
 * Fourier transforms of frames of a signal, each weighted by a window.
 * Signal [B, L, 1 or 2], window [frame length]; y [B, ⌊(L − frame length) / step⌋ + 1, bins, 2].
 */
export const stft = defineOperator({
  name: 'STFT',
  domain: '',
  attributes,
  inputs: [2, 4],
  infer(context) {
    requireKind(context, 0, 'float')
    const [dtype, signal] = [context.dtype(0), context.shape(0)]
    const window = context.has(2) ? context.shape(2) : undefined
    if (signal && signal.length !== 3) context.fail('the signal must have three axes: batch, time, parts')
    if (window && window.length !== 1) context.fail('the window must have one axis')
    if (!signal) return [{ dtype, shape: [null, null, null, 2] }]
    const [batch, length, parts] = signal as [(typeof signal)[0], (typeof signal)[0], (typeof signal)[0]]
    if (typeof parts === 'number' && parts !== 1 && parts !== 2)
      context.fail(`the last axis must be 1 or 2, not ${parts}`)
    if (context.attributes.onesided && parts === 2) context.fail('onesided needs real numbers')
    const step = numberOf(context.constant(1))
    const given = context.has(3) ? (numberOf(context.constant(3)) ?? null) : undefined
    const frame = given === undefined ? (context.has(2) ? (window?.[0] ?? null) : length) : given
    if (typeof given === 'number' && typeof window?.[0] === 'number' && window[0] !== given)
      context.fail(`the window has ${window[0]} weights for frames of ${given}`)
    const bins = mapDim(frame, (size) => (context.attributes.onesided ? Math.floor(size / 2) + 1 : size))
    if (typeof length !== 'number' || typeof frame !== 'number' || step === undefined)
      return [{ dtype, shape: [batch, null, bins, 2] }]
    checkFrames(context, length, step, frame)
    return [{ dtype, shape: [batch, Math.floor((length - frame) / step) + 1, bins, 2] }]
  },
  reference(context, signal, frameStep, window, frameLength) {
    const [batch, length, parts] = signal!.shape as [number, number, number]
    const step = numberOf(frameStep)!
    const frame = numberOf(frameLength) ?? window?.shape[0] ?? length
    const transform = transformOf(context, frame, parts)
    const [bins] = resultOf(transform)
    const frames = Math.floor((length - frame) / step) + 1
    const result = context.empty(signal!.dtype, [batch, frames, bins, 2])
    const values = numbersOf(signal!)
    const weights = window && numbersOf(window)
    const row = new Float64Array(frame * parts)
    for (let b = 0; b < batch; b++) {
      for (let f = 0; f < frames; f++) {
        const start = (b * length + f * step) * parts
        for (let i = 0; i < row.length; i++)
          row[i] = values[start + i]! * (weights ? weights[Math.floor(i / parts)]! : 1)
        result.values.set(transformRow(transform, row) as never, (b * frames + f) * bins * 2)
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(stftGradient),
  lower(context) {
    const [signal, output] = [context.input(0), context.output(0)]
    const step = numberOf(context.constant(1))
    const window = context.has(2) ? context.constant(2) : null
    if (signal.dtype !== 'float32' || step === undefined || window === undefined) return null
    const frameLength = context.has(3) ? numberOf(context.constant(3)) : (window?.shape[0] ?? signal.shape[1]!)
    if (frameLength === undefined) return null
    const [batch, length, parts] = signal.shape as [number, number, number]
    const transform = transformOf(context, frameLength, parts)
    const [m, k, n] = [batch * output.shape[1]!, frameLength * parts, resultOf(transform)[0] * 2]
    if (n * k > MATRIX_LIMIT || m === 0) return null
    const matrix = transformMatrix(transform)
    if (window) {
      const weights = numbersOf(window)
      matrix.values.forEach((value, i) => {
        matrix.values[i] = value * weights[Math.floor(Math.floor(i / n) / parts)]!
      })
    }
    const frames = context.scratch('float32', [m, k])
    const sizes = [batch, output.shape[1]!, k]
    const places = { inputStrides: [length * parts, step * parts, 1], inputOffset: 0, outputOffset: 0 }
    const shared = { m, n, k, transposeA: false, transposeB: false, alpha: 1, batches: [{ a: 0, b: 0 }] }
    const b = context.store({ dtype: 'float32', ...matrix })
    return [
      { kernel: 'copy', input: signal, output: frames, sizes, ...places, outputStrides: [sizes[1]! * k, k, 1] },
      { kernel: 'gemm', a: frames, b, output, ...shared } satisfies GemmCall,
    ]
  },
  tolerance: { absolute: 1e-5, relative: FLOAT32.relative, reason: 'sines and cosines cancel' },
})
