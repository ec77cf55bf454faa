/** Formulas over values of a graph: numbers among the operands become constants of the other operand's type. */
import { attribute } from '../../graph/model'
import type { GraphWriter, ValueName } from '../../ops/gradient'

/** A value of the graph, or a number that becomes a constant. */
export type Term = ValueName | number

export interface Arithmetic {
  add(a: Term, b: Term): ValueName
  sub(a: Term, b: Term): ValueName
  mul(a: Term, b: Term): ValueName
  div(a: Term, b: Term): ValueName
  pow(a: Term, b: Term): ValueName
  min(a: Term, b: Term): ValueName
  max(a: Term, b: Term): ValueName
  neg(a: ValueName): ValueName
  abs(a: ValueName): ValueName
  exp(a: ValueName): ValueName
  log(a: ValueName): ValueName
  sqrt(a: ValueName): ValueName
  square(a: ValueName): ValueName
  sigmoid(a: ValueName): ValueName
  /** ln(1 + eᵃ) */
  softplus(a: ValueName): ValueName
  clamp(a: ValueName, low: number, high: number): ValueName
  /** Over all elements: a scalar. */
  sum(a: ValueName): ValueName
  mean(a: ValueName): ValueName
  /** Over one axis, which goes away. */
  sumOver(a: ValueName, axis: number): ValueName
}

export function arithmetic(write: GraphWriter): Arithmetic {
  const unary = (opType: string) => (a: ValueName) => write.add(opType, [a])
  const binary = (opType: string) => (a: Term, b: Term) => write.add(opType, operands(write, a, b))
  const reduce = (opType: string) => (a: ValueName) => write.add(opType, [a], [attribute.int('keepdims', 0)])
  const mul = binary('Mul')
  return {
    ...{ add: binary('Add'), sub: binary('Sub'), mul, div: binary('Div') },
    ...{ pow: binary('Pow'), min: binary('Min'), max: binary('Max') },
    ...{ neg: unary('Neg'), abs: unary('Abs'), exp: unary('Exp'), log: unary('Log'), sqrt: unary('Sqrt') },
    ...{ sigmoid: unary('Sigmoid'), softplus: unary('Softplus'), sum: reduce('ReduceSum'), mean: reduce('ReduceMean') },
    square: (a) => mul(a, a),
    clamp: (a, low, high) => {
      const { dtype } = write.type(a)
      return write.add('Clip', [a, write.number(low, dtype), write.number(high, dtype)])
    },
    sumOver: (a, axis) => write.add('ReduceSum', [a, write.integers([axis])], [attribute.int('keepdims', 0)]),
  }
}

function operands(write: GraphWriter, a: Term, b: Term): ValueName[] {
  const named = typeof a === 'string' ? a : b
  const dtype = typeof named === 'string' ? write.type(named).dtype : 'float32'
  return [a, b].map((term) => (typeof term === 'string' ? term : write.number(term, dtype)))
}
