/** Back-propagation through the steps of Loop and Scan: a Scan that goes through them from the last to the first. */
import type { KnownDType } from '../core/dtypes'
import { attribute, type Attribute, type Graph } from '../graph/model'
import type { AttributeSchema } from './attributes'
import {
  reshapedLike,
  zerosLike,
  type GradientContext,
  type GraphWriter,
  type InnerGraph,
  type ValueName,
} from './gradient'
import type { TensorType } from './op'

/** A value that is handed on from step to step. */
export interface State {
  /** Before the first step. */
  readonly first: ValueName
  /** Before each step, along a first axis. */
  readonly recorded: ValueName
  /** After the last step. */
  readonly gradient: ValueName | undefined
}

/** What each step reads of, or adds to, an axis of a value. */
export interface Along {
  readonly axis: number
  /** From the last entry to the first. */
  readonly isReversed: boolean
}
export interface Entry extends Along {
  readonly value: ValueName
  readonly isAsked: boolean
}
export interface Collected extends Along {
  readonly gradient: ValueName | undefined
}

export interface Steps {
  readonly body: Graph
  readonly states: readonly State[]
  readonly entries: readonly Entry[]
  readonly collected: readonly Collected[]
  /** Inputs of the body. */
  given(write: GraphWriter, states: readonly ValueName[], entries: readonly ValueName[]): readonly ValueName[]
  /** The first output of the body that is a state; what it collects comes behind them. */
  readonly firstState: number
}

export interface StepGradients {
  readonly ofStates: readonly (ValueName | undefined)[]
  readonly ofEntries: readonly (ValueName | undefined)[]
  readonly ofCaptured: readonly ValueName[]
}

const isFloat = (dtype: KnownDType) => /^(b?float16|float32|float64)$/.test(dtype)

/** Which of them take part in the way back. */
interface Parts {
  readonly floats: readonly State[]
  readonly asked: readonly Entry[]
  readonly collected: readonly (Collected & { readonly gradient: ValueName })[]
  readonly captured: readonly ValueName[]
}

export function throughSteps<S extends AttributeSchema>(context: GradientContext<S>, steps: Steps): StepGradients {
  const { write, captured } = context
  const { states, entries } = steps
  const parts: Parts = {
    floats: states.filter(({ first }) => isFloat(write.type(first).dtype)),
    asked: entries.filter(({ isAsked }) => isAsked),
    collected: steps.collected.flatMap((one) => (one.gradient ? [{ ...one, gradient: one.gradient }] : [])),
    captured,
  }
  const { floats, asked, collected } = parts
  const scanned = [...entries, ...collected.map(({ gradient, ...along }) => ({ ...along, value: gradient }))]
  const recorded = states.map((): Along => ({ axis: 0, isReversed: false }))
  const handedOn = [...floats.map(({ first }) => first), ...captured]
  const types = [
    ...[...handedOn, ...states.map(({ first }) => first)].map((value) => write.type(value)),
    ...scanned.map(({ value, axis }) => entryType(write.type(value), axis)),
  ]
  const inputs = [
    ...floats.map((state) => firstGradient(context, state)),
    ...captured.map((value) => zerosLike(write, value)),
    ...[...states.map((state) => state.recorded), ...scanned.map(({ value }) => value)],
  ]
  const found = write.addMany('Scan', inputs, handedOn.length + asked.length, [
    attribute.graph(
      'body',
      context.subGraph(types, (inner) => stepBack(inner, steps, parts)),
    ),
    attribute.int('num_scan_inputs', recorded.length + scanned.length),
    ...directions('input', [...recorded, ...scanned]),
    ...directions('output', asked),
  ])
  const shaped = handedOn.map((value, i) => reshapedLike(context, found[i]!, value))
  return {
    ofStates: states.map((state) => shaped[floats.indexOf(state)]),
    ofEntries: entries.map((entry) => (entry.isAsked ? found[handedOn.length + asked.indexOf(entry)] : undefined)),
    ofCaptured: shaped.slice(floats.length),
  }
}

/** Of the last state, whose rank a Loop does not tell. */
function firstGradient<S extends AttributeSchema>(context: GradientContext<S>, { first, gradient }: State): ValueName {
  if (!gradient) return zerosLike(context.write, first)
  return context.write.type(gradient).shape ? gradient : reshapedLike(context, gradient, first)
}

/** The body of the way back: runs the step once more, and carries what comes from the step behind it to its inputs. */
function stepBack(inner: InnerGraph, steps: Steps, parts: Parts): readonly ValueName[] {
  const { states, entries, firstState } = steps
  const { floats, asked, collected, captured } = parts
  const next = takenFrom(inner.inputs)
  const [dStates, sums, before] = [next(floats.length), next(captured.length), next(states.length)]
  const [read, dCollected] = [next(entries.length), next(collected.length)]
  const outputs = inner.replay(steps.body, steps.given(inner.write, before, read))
  const shown = steps.collected.filter(({ gradient }) => gradient).map((one) => steps.collected.indexOf(one))
  const gradients = [
    ...floats.map((state, i) => [outputs[firstState + states.indexOf(state)]!, dStates[i]!] as const),
    ...shown.map((at, i) => [outputs[firstState + states.length + at]!, dCollected[i]!] as const),
  ]
  const wrt = [
    ...[...floats.map((state) => before[states.indexOf(state)]!), ...captured],
    ...asked.map((entry) => read[entries.indexOf(entry)]!),
  ]
  const found = inner.pullback(gradients, wrt).map((one, i) => one ?? zerosLike(inner.write, wrt[i]!))
  const rest = takenFrom(found)
  return [
    ...rest(floats.length),
    ...rest(captured.length).map((one, i) => inner.write.add('Add', [sums[i], one])),
    ...rest(asked.length),
  ]
}

/** The other way round. */
const directions = (kind: 'input' | 'output', all: readonly Along[]): (Attribute | undefined)[] =>
  all.length === 0
    ? []
    : [
        attribute.ints(
          `scan_${kind}_axes`,
          all.map(({ axis }) => axis),
        ),
        attribute.ints(
          `scan_${kind}_directions`,
          all.map(({ isReversed }) => Number(!isReversed)),
        ),
      ]

function entryType({ dtype, shape }: TensorType, axis: number): TensorType {
  if (!shape) return { dtype, shape }
  const at = axis < 0 ? axis + shape.length : axis
  return { dtype, shape: shape.filter((_, i) => i !== at) }
}

/** Takes a list apart from its beginning. */
function takenFrom<T>(list: readonly T[]): (count: number) => readonly T[] {
  let at = 0
  return (count) => list.slice(at, (at += count))
}
