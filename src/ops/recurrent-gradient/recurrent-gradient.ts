import { integersOf, numbersOf, type HostArray } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, FLOAT32, notDifferentiable, type MaybeArray, type NodeView } from '../op'
import { activationOf, nameActivations, slopeOf } from '../recurrent-activations'
import { attributes, GATES } from './attributes'
import { backwards, type Sequence, type Unit } from './backwards'
import { lowerSteps } from './recurrent-gradient-lower'

/**
 * Back-propagation through time: the part that goes from step to step of one direction of LSTM, GRU or RNN. Letters as in
 * `recurrent.ts`. Inputs: what the gates' functions are applied to, [T, B, G·H] (of a GRU's candidate without `inner`); R [G·H, H]; the
 * hidden state before each step [T, B, H]; inner, of a GRU: Rh·h + Rbh or Rh·(r ⊙ h) + Rbh, [T, B, H]; the first cell [B, H]; P [3·H];
 * sequence_lens [B]; gradients of Y [T, B, H], Y_h and Y_c [B, H]. Outputs: gradients of the gates' arguments and of the first
 * hidden state; of a GRU's `inner`; of an LSTM's first cell and of P. Source: Werbos, "Backpropagation through time", Proc. IEEE 78 (1990).
 */
export const recurrentGradient = defineOperator({
  name: 'RecurrentGradient',
  domain: PLUME,
  attributes,
  inputs: [3, 10],
  infer(context) {
    requireKind(context, 0, 'float')
    const hidden = context.shape(2)
    const [steps, batch, size] = hidden ?? [null, null, null]
    const dtype = context.dtype(0)
    const state = { dtype, shape: [batch ?? null, size ?? null] }
    return [
      { dtype, shape: context.shape(0) },
      state,
      context.attributes.kind === 'GRU' ? { dtype, shape: [steps ?? null, batch ?? null, size ?? null] } : state,
      { dtype, shape: [typeof size === 'number' ? 3 * size : null] },
    ]
  },
  reference(context, ...inputs) {
    const [gates, , before] = inputs
    const [steps, batch, size] = before!.shape as [number, number, number]
    const dtype = gates!.dtype
    const empty = (shape: readonly number[]) => context.empty(dtype, shape)
    const outputs = {
      ...{ gates: empty(gates!.shape), hidden: empty([batch, size]), inner: empty(before!.shape) },
      ...{ cell: empty([batch, size]), peephole: empty([3 * size]) },
    }
    const lengths = inputs[6] ? integersOf(inputs[6]) : new Array<number>(batch).fill(steps)
    const unit = unitOf(context, inputs, size)
    for (let b = 0; b < batch; b++) backwards(unit, sequenceOf(context, inputs, { b, length: lengths[b]! }), outputs)
    const third = context.attributes.kind === 'GRU' ? outputs.inner : outputs.cell
    return [outputs.gates, outputs.hidden, third, outputs.peephole]
  },
  gradient: notDifferentiable('second derivatives of recurrent layers are not built'),
  lower: lowerSteps,
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

type Context = Pick<NodeView<typeof attributes>, 'attributes'>

function unitOf({ attributes: own }: Context, inputs: readonly MaybeArray[], size: number): Unit {
  const named = nameActivations(own.activations, own.activation_alpha, own.activation_beta)
  const limit = own.clip ?? Infinity
  const clipped = (x: number) => Math.min(Math.max(x, -limit), limit)
  return {
    ...{ kind: own.kind, size, isCoupled: own.input_forget, isLinearFirst: own.linear_before_reset },
    values: named.map(activationOf).map((value) => (x: number) => value(clipped(x))),
    slopes: named.map(slopeOf).map((slope) => (x: number) => (Math.abs(x) <= limit ? slope(x) : 0)),
    recurrent: numbersOf(inputs[1]!),
    peephole: inputs[5] ? numbersOf(inputs[5]) : new Float64Array(3 * size),
  }
}

function sequenceOf(
  { attributes: own }: Context,
  inputs: readonly MaybeArray[],
  { b, length }: { readonly b: number; readonly length: number },
): Sequence {
  const [, batch, size] = inputs[2]!.shape as [number, number, number]
  const row = (input: number, at: number, width = size) => rowOf(inputs[input], at, width)
  const order = Array.from({ length }, (_, done) => (own.is_reverse ? length - 1 - done : done))
  return {
    b,
    places: order.map((t) => t * batch + b),
    gates: (place) => row(0, place, GATES[own.kind] * size),
    before: (place) => row(2, place),
    inner: (place) => row(3, place),
    firstCell: row(4, b),
    slope: (place) => row(7, place),
    lastHidden: row(8, b),
    lastCell: row(9, b),
  }
}

/** Zeros where there is none. */
function rowOf(array: HostArray | undefined, at: number, width: number): Float64Array {
  return array ? Float64Array.from(numbersOf(array).subarray(at * width, (at + 1) * width)) : new Float64Array(width)
}
