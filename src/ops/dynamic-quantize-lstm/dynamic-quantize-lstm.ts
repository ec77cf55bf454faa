import { elementCount } from '../../core/dtypes'
import { integersOf, numbersOf, type HostArray } from '../../core/host-array'
import { roundHalfEven } from '../../core/tensor'
import { flag } from '../attributes'
import { LSTM, lstmStep } from '../lstm-step'
import { defineOperator, FLOAT32, notDifferentiable, onHost, type InferContext, type MaybeArray } from '../op'
import { directionsOf, recurrentAttributes, runRecurrent } from '../recurrent'
import { mergeDims, type Dims } from '../shapes'

const attributes = { ...recurrentAttributes, input_forget: flag(false) }
type Schema = typeof attributes

const STEPS = 255

/** Numbers as uint8 of their own range gives them back (DynamicQuantizeLinear), in float32. */
function rounded(values: readonly Float64Array[]): void {
  let [low, high] = [0, 0]
  for (const row of values) {
    for (const value of row) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  const scale = high === low ? 1 : Math.fround(Math.fround(high - low) / STEPS)
  const zero = Math.min(STEPS, Math.max(0, roundHalfEven(Math.fround(-low / scale))))
  const back = (x: number) =>
    (Math.min(STEPS, Math.max(0, roundHalfEven(Math.fround(x / scale)) + zero)) - zero) * scale
  for (const row of values) for (let i = 0; i < row.length; i++) row[i] = back(row[i]!)
}

/** [D, K, G] integers as [D, G, K] floats. Scales and zero points: [D] or [D, G]. */
function weightsOf(integers: HostArray, scale: HostArray, zeroPoint: MaybeArray): HostArray {
  const [directions, size, gates] = integers.shape as [number, number, number]
  const [q, scales, zeros] = [integers, scale, zeroPoint].map((one) => one && numbersOf(one))
  const isPerGate = scales!.length > directions
  const values = new Float64Array(directions * size * gates)
  for (let d = 0; d < directions; d++) {
    for (let k = 0; k < size; k++) {
      for (let g = 0; g < gates; g++) {
        const at = isPerGate ? d * gates + g : d
        values[(d * gates + g) * size + k] = (q![(d * size + k) * gates + g]! - (zeros?.[at] ?? 0)) * scales![at]!
      }
    }
  }
  return { dtype: 'float32', shape: [directions, gates, size], values }
}

function checkShapes(context: InferContext<Schema>): { steps: Dims; hidden: Dims[number] } {
  const [x, w, r] = [context.shape(0), context.shape(1), context.shape(2)]
  const directions = directionsOf(context)
  const wanted = (name: string, shape: Dims | undefined) => {
    if (shape && (shape.length !== 3 || mergeDims(shape[0]!, name === 'X' ? null : directions) === undefined))
      context.fail(
        `${name} must have the shape ${name === 'X' ? '[steps, batch, inputs]' : `[${directions}, inputs, gates]`}`,
      )
  }
  wanted('X', x)
  wanted('W', w)
  wanted('R', r)
  if (x && w && mergeDims(x[2]!, w[1]!) === undefined) context.fail(`X has ${x[2]} inputs, and W has ${w[1]}`)
  const hidden = r?.[1] ?? context.attributes.hidden_size ?? null
  const gates = r?.[2] ?? w?.[2]
  if (typeof hidden === 'number' && typeof gates === 'number' && gates !== 4 * hidden)
    context.fail(`R has ${gates} gates, and ${4 * hidden} are expected`)
  return { steps: x?.slice(0, 2) ?? [null, null], hidden }
}

/**
 * LSTM with weights of 8 bits, whose inputs and states are quantized to uint8 by their own range: the inputs of all steps at
 * once, the states of a batch in every step. X [T, B, I], W [D, I, 4·H], R [D, H, 4·H], behind the inputs of LSTM a scale and a zero
 * point of W, then of R, each [D] or [D, 4·H].
 */
export const dynamicQuantizeLSTM = defineOperator({
  name: 'DynamicQuantizeLSTM',
  domain: 'com.microsoft',
  attributes,
  inputs: [12, 12],
  infer(context) {
    if (context.dtype(0) !== 'float32') context.refuse(`${context.dtype(0)} inputs`)
    for (const input of [1, 2]) {
      if (!/^u?int8$/.test(context.dtype(input))) context.refuse(`${context.dtype(input)} weights`)
    }
    const { steps, hidden } = checkShapes(context)
    const [length, batch] = steps
    const directions = directionsOf(context)
    const state = [directions, batch!, hidden]
    return [[length!, ...state], state, state].map((shape) => ({
      ...{ dtype: 'float32' as const, shape },
    }))
  },
  reference(context, ...inputs) {
    const [x, w, r, bias, lengths, hidden, cell, peephole, wScale, wZero, rScale, rZero] = inputs
    const values = Float64Array.from(numbersOf(x!))
    // as onnxruntime: steps beyond the longest sequence have no part in the range
    const [steps, ...row] = x!.shape
    const longest = lengths ? Math.max(0, ...integersOf(lengths)) : steps!
    rounded([values.subarray(0, Math.min(longest, steps!) * elementCount(row))])
    const given = [{ ...x!, values }, weightsOf(w!, wScale!, wZero), weightsOf(r!, rScale!, rZero)]
    const { input_forget: isCoupled } = context.attributes
    return runRecurrent(
      context,
      LSTM,
      [...given, bias, lengths, hidden, cell, peephole],
      (direction, gates, h, c) => lstmStep(direction, gates, [h, c], isCoupled),
      rounded,
    )
  },
  gradient: notDifferentiable('states and inputs are rounded in every step'),
  lower: onHost('every step quantizes its state by its own range'),
  tolerance: {
    ...FLOAT32,
    absolute: 1e-5,
    relative: 1e-4,
    reason: 'sums of integers are scaled, not scaled numbers summed',
  },
})
