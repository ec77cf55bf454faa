/** Formulas as lines of WGSL: what fused chains of element-wise operators and activations put into the slots of shaders. */
import type { Activation } from '../kernel-calls'
import type { Size } from './dispatch'

/** What a formula adds to a dispatch. Numbers stand in `sizes`, so that formulas of one form share a pipeline. */
export interface Slot {
  readonly slots: Readonly<Record<string, string>>
  readonly sizes: Readonly<Record<string, Size>>
}

interface ActivationLines {
  /** The value of `activate(x)`. */
  readonly value: string
  readonly sizes?: Readonly<Record<string, Size>>
}

/**
 * The slot `activation`: `fn activate(x: f32) -> f32`, and `activate4` for vectors. The shader includes `math`. Without an
 * activation both give x. NaN stays NaN.
 */
export function activationSlot(activation?: Activation): Slot {
  const { value, sizes = {} } = activationLines(activation)
  const lines = [
    `fn activate(x: f32) -> f32 { return ${value}; }`,
    'fn activate4(x: vec4<f32>) -> vec4<f32> {',
    activation ? '  return vec4<f32>(activate(x.x), activate(x.y), activate(x.z), activate(x.w));' : '  return x;',
    '}',
  ]
  return { slots: { activation: lines.join('\n') }, sizes }
}

function activationLines(activation: Activation | undefined): ActivationLines {
  switch (activation?.type) {
    case undefined:
      return { value: 'x' }
    case 'relu':
      return { value: 'select(x, 0.0, x < 0.0)' }
    case 'sigmoid':
      return { value: 'math_sigmoid(x)' }
    case 'tanh':
      return { value: 'math_tanh(x)' }
    case 'silu':
      return { value: 'x * math_sigmoid(x)' }
    case 'hardSwish':
      return { value: 'x * math_clamp(x / 6.0 + 0.5, 0.0, 1.0)' }
    case 'clip': {
      const { low, high } = activation
      return {
        value: 'math_clamp(x, sizes.activation_low, sizes.activation_high)',
        sizes: { activation_low: { f32: low }, activation_high: { f32: high } },
      }
    }
    case 'leakyRelu':
      return {
        value: 'select(x, sizes.activation_alpha * x, x < 0.0)',
        sizes: { activation_alpha: { f32: activation.alpha } },
      }
    case 'hardSigmoid': {
      const { alpha, beta } = activation
      return {
        value: 'math_clamp(sizes.activation_alpha * x + sizes.activation_beta, 0.0, 1.0)',
        sizes: { activation_alpha: { f32: alpha }, activation_beta: { f32: beta } },
      }
    }
  }
}
