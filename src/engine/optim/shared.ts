import { UsageError } from '../../core/errors'
import { emptyArray, hostArray, type HostArray } from '../../core/host-array'
import { elementCount } from '../../core/dtypes'
import type { ValueName } from '../../ops/gradient'
import type { Arithmetic, Term } from '../build/arithmetic'
import type { UpdateInputs } from './optimizer'

export const zeros = (shape: readonly number[]): HostArray => emptyArray('float32', shape)

export function filled(shape: readonly number[], value: number): HostArray {
  return hostArray('float32', shape, new Float32Array(elementCount(shape)).fill(value))
}

/** g + λ·p: weight decay as a part of the gradient. */
export function withDecay({ add, mul }: Arithmetic, { gradient, parameter, weightDecay }: UpdateInputs): ValueName {
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay))
}

/** β·old + (1 − β)·value */
export function blend({ add, mul }: Arithmetic, old: ValueName, value: { next: ValueName; beta: number }): ValueName {
  return add(mul(old, value.beta), mul(value.next, 1 - value.beta))
}

/** A scalar that is fed, times a number of the parameter's group. */
export function scalar({ mul }: Arithmetic, given: UpdateInputs, name: string): ValueName {
  const value = given.scalars.get(name)
  if (value === undefined) throw new UsageError(`The optimizer's scalar ${name} is not fed.`)
  return given.rateScale === 1 ? value : mul(value, given.rateScale)
}

/** @throws UsageError */
export function state(given: UpdateInputs, name: string): ValueName {
  const value = given.states.get(name)
  if (value === undefined) throw new UsageError(`The optimizer's state ${name} of ${given.parameter} is missing.`)
  return value
}

/** p − step · x, with as few passes as fuse. */
export const descend = ({ sub, mul }: Arithmetic, parameter: ValueName, step: { by: Term; along: ValueName }) =>
  sub(parameter, mul(step.by, step.along))

/** @throws UsageError for a number outside [low, high) */
export function checkOption(what: string, value: number, [low, high]: readonly [number, number]): void {
  if (value >= low && value < high) return
  throw new UsageError(`${what} should be at least ${low} and below ${high}, and is ${value}.`)
}
