/** What convolutions and poolings tell their shaders: the geometry of three axes, bias and activation. */
import { elementCount } from '../../../core/dtypes'
import type { Activation, Operand, Window } from '../../kernel-calls'
import type { DeviceFacts, Size, Storage } from '../dispatch'
import { activationSlot, type Slot } from '../expressions'

type Sizes = Readonly<Record<string, Size>>

export const MOST_AXES = 3

const FLAT: Window = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padBegin: 0 }

export const volumeOf = (axes: readonly Window[], size: 'input' | 'output' | 'kernel'): number =>
  elementCount(axes.map((axis) => axis[size]))

export const int = (value: number): Size => ({ i32: value })

/** Depth, height and width; axes that are missing come first. */
export function threeAxes(axes: readonly Window[]): readonly [Window, Window, Window] {
  return [FLAT, FLAT, FLAT, ...axes].slice(-MOST_AXES) as [Window, Window, Window]
}

/** in_d … pad_w of `shaders/window.wgsl`. */
export function windowSizes(axes: readonly Window[]): Sizes {
  const entries = threeAxes(axes).flatMap((axis, i) => {
    const name = 'dhw'[i]
    return [
      [`in_${name}`, axis.input],
      [`out_${name}`, axis.output],
      [`kernel_${name}`, axis.kernel],
      [`stride_${name}`, axis.stride],
      [`dilation_${name}`, axis.dilation],
      [`pad_${name}`, axis.padBegin],
    ] as const
  })
  return Object.fromEntries(entries.map(([name, value]) => [name, int(value)]))
}

/** As `windowSizes`, with step_d … back_w of `shaders/unwind.wgsl`. */
export function unwindSizes(axes: readonly Window[]): Sizes {
  const entries = threeAxes(axes).flatMap(({ stride, dilation }, i) => {
    const divisor = greatestDivisor(stride, dilation)
    return [
      [`step_${'dhw'[i]}`, stride / divisor],
      [`back_${'dhw'[i]}`, dilation / divisor],
    ] as const
  })
  return { ...windowSizes(axes), ...Object.fromEntries(entries.map(([name, value]) => [name, int(value)])) }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

/** The slot `finish`: `fn finish(sum: f32, channel: u32) -> f32`, what happens to a sum before it is stored. */
export function finishSlot(bias: Operand | undefined, activation?: Activation, channel = 'channel'): Slot {
  const { slots, sizes } = activationSlot(activation)
  const sum = bias ? `sum + bias_at(${channel})` : 'sum'
  const lines = [slots['activation'], `fn finish(sum: f32, channel: u32) -> f32 { return activate(${sum}); }`]
  return { slots: { finish: lines.join('\n') }, sizes }
}

export const biasStorage = (bias: Operand | undefined): readonly Storage[] => (bias ? [{ name: 'bias', of: bias }] : [])

export const isFloat32 = (...operands: readonly (Operand | undefined)[]): boolean =>
  operands.every((operand) => operand === undefined || operand.dtype === 'float32')

/** Whether an operand fits into one binding. */
export const fits = ({ limits }: DeviceFacts, { shape }: Operand): boolean =>
  elementCount(shape) * 4 <= limits.maxStorageBufferBindingSize
