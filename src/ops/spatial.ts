/** Geometry that convolutions and poolings share: padding rules, sizes of outputs, windows of kernels. */
import type { Window } from '../backends/kernel-calls'
import type { Dim } from '../graph/model'
import * as a from './attributes'
import type { AttributeSchema } from './attributes'
import type { NodeView } from './op'
import { elementCount } from '../core/dtypes'
import { stridesOf } from './shapes'

export const AUTO_PADS = ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'] as const
export type AutoPad = (typeof AUTO_PADS)[number]

export const convAttributes = {
  auto_pad: a.choice(AUTO_PADS, 'NOTSET'),
  dilations: a.optional(a.ints()),
  group: a.int(1),
  kernel_shape: a.optional(a.ints()),
  pads: a.optional(a.ints()),
  strides: a.optional(a.ints()),
}

export interface SpatialOptions {
  readonly kernel: readonly number[]
  readonly strides: readonly number[] | undefined
  readonly dilations: readonly number[] | undefined
  /** Beginnings of all axes, then ends. */
  readonly pads: readonly number[] | undefined
  readonly autoPad: AutoPad
  readonly isCeil: boolean
}

export interface SpatialAxis extends Window {
  readonly padEnd: number
}

type Context = Pick<NodeView<AttributeSchema>, 'fail'>

/** The options of one axis; lists of another length than there are axes are told. */
export function checkLists(context: Context, rank: number, options: SpatialOptions): void {
  const { kernel, strides, dilations, pads } = options
  const lists = { kernel_shape: kernel, strides, dilations }
  for (const [name, list] of Object.entries(lists)) {
    if (!list) continue
    if (list.length !== rank) context.fail(`${name} has ${list.length} entries for ${rank} spatial axes`)
    if (list.some((value) => value < 1)) context.fail(`${name} must be positive, not ${list.join(', ')}`)
  }
  if (pads && pads.length !== 2 * rank) context.fail(`pads has ${pads.length} entries for ${rank} spatial axes`)
  if (pads?.some((value) => value < 0)) context.fail(`pads must not be negative: ${pads.join(', ')}`)
}

/**
 * Windows of every spatial axis (ONNX, Conv and MaxPool).
 * @param sizes of the input's spatial axes
 * @throws ShapeError through `context.fail` where the kernel does not fit into the padded input
 */
export function windowsOf(context: Context, sizes: readonly number[], options: SpatialOptions): SpatialAxis[] {
  checkLists(context, sizes.length, options)
  return sizes.map((input, axis) => {
    const kernel = options.kernel[axis] as number
    const stride = options.strides?.[axis] ?? 1
    const dilation = options.dilations?.[axis] ?? 1
    const extent = (kernel - 1) * dilation + 1
    const [padBegin, padEnd] = padsOf(options, axis, sizes.length, input, stride, extent)
    const room = input + padBegin + padEnd - extent
    if (room < 0) {
      const [place, total] = [axis + 2, input + padBegin + padEnd]
      context.fail(`the kernel covers ${extent} elements, and axis ${place} has only ${total}, padding included`)
    }
    const isCeil = options.isCeil && !options.autoPad.startsWith('SAME')
    let output = (isCeil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1
    // a window of ceil mode that would start in the padding at the end is left out
    if (isCeil && (output - 1) * stride >= input + padBegin) output--
    return { input, output, kernel, stride, dilation, padBegin, padEnd }
  })
}

function padsOf(
  { autoPad, pads }: SpatialOptions,
  axis: number,
  rank: number,
  input: number,
  stride: number,
  extent: number,
): readonly [number, number] {
  if (autoPad === 'VALID') return [0, 0]
  if (autoPad === 'NOTSET') return [pads?.[axis] ?? 0, pads?.[axis + rank] ?? 0]
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + extent - input)
  const small = Math.floor(total / 2)
  return autoPad === 'SAME_UPPER' ? [small, total - small] : [total - small, small]
}

/** Sizes of the outputs; an axis of unknown size stays unknown. */
export function outputDims(context: Context, dims: readonly Dim[], options: SpatialOptions): Dim[] {
  checkLists(context, dims.length, options)
  return dims.map((dim, axis) => {
    if (typeof dim !== 'number') return null
    const only = (list: readonly number[] | undefined) => list && [list[axis] as number]
    const pads = options.pads && [options.pads[axis] as number, options.pads[axis + dims.length] as number]
    const { kernel, strides, dilations } = options
    const one = {
      ...options,
      kernel: [kernel[axis] as number],
      strides: only(strides),
      dilations: only(dilations),
      pads,
    }
    return windowsOf(context, [dim], one)[0]!.output
  })
}

/** One place of a window: how far it lies from the window's beginning, along every axis. */
export interface Tap {
  readonly offsets: readonly number[]
  /** Its number in the kernel, row-major. */
  readonly index: number
}

export function tapsOf(axes: readonly Window[]): Tap[] {
  const sizes = axes.map(({ kernel }) => kernel)
  const strides = stridesOf(sizes)
  return Array.from({ length: elementCount(sizes) }, (_, index) => ({
    index,
    offsets: axes.map(
      ({ dilation }, axis) => (Math.floor(index / (strides[axis] as number)) % (sizes[axis] as number)) * dilation,
    ),
  }))
}

/**
 * For every output place: calls `visit` with the flat offset of each input element inside, and its tap's number.
 * @param begin is called before the elements of a place, `end` after them
 */
export function forEachWindow(
  axes: readonly Window[],
  handlers: {
    begin?(place: number, positions: readonly number[]): void
    visit(input: number, tap: number): void
    end?(place: number): void
  },
): void {
  const outputs = axes.map(({ output }) => output)
  const inputStrides = stridesOf(axes.map(({ input }) => input))
  const taps = tapsOf(axes)
  const count = elementCount(outputs)
  const place = new Array<number>(axes.length).fill(0)
  const starts = axes.map(({ padBegin }) => -padBegin)
  for (let position = 0; position < count; position++) {
    handlers.begin?.(position, starts)
    for (const { offsets, index } of taps) {
      let flat = 0
      let isInside = true
      for (let axis = 0; axis < axes.length && isInside; axis++) {
        const at = (starts[axis] as number) + (offsets[axis] as number)
        isInside = at >= 0 && at < (axes[axis] as Window).input
        flat += at * (inputStrides[axis] as number)
      }
      if (isInside) handlers.visit(flat, index)
    }
    handlers.end?.(position)
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { output, stride, padBegin } = axes[axis] as Window
      starts[axis] = (starts[axis] as number) + stride
      if (++(place[axis] as number) < output) break
      place[axis] = 0
      starts[axis] = -padBegin
    }
  }
}
