/** Arithmetic on values of a graph that is built, as derivatives are written down: numbers become constants. */
import type { KnownDType } from '../core/dtypes'
import type { GraphWriter, ValueName } from './gradient'

export type Term = ValueName | number

/** Adds element-wise nodes over values of one float type; shapes broadcast. */
export class Formula {
  readonly write: GraphWriter
  readonly dtype: KnownDType

  constructor(write: GraphWriter, dtype: KnownDType) {
    this.write = write
    this.dtype = dtype
  }

  /** Any operator, by its name. */
  of(opType: string, ...terms: readonly Term[]): ValueName {
    return this.write.add(
      opType,
      terms.map((term) => this.term(term)),
    )
  }

  readonly add = (a: Term, b: Term): ValueName => this.of('Add', a, b)
  readonly sub = (a: Term, b: Term): ValueName => this.of('Sub', a, b)
  readonly mul = (a: Term, b: Term): ValueName => (b === 1 && typeof a === 'string' ? a : this.of('Mul', a, b))
  readonly div = (a: Term, b: Term): ValueName => this.of('Div', a, b)
  readonly neg = (a: Term): ValueName => this.of('Neg', a)
  readonly exp = (a: Term): ValueName => this.of('Exp', a)
  readonly square = (a: ValueName): ValueName => this.mul(a, a)
  /** Booleans. */
  readonly less = (a: Term, b: Term): ValueName => this.of('Less', a, b)
  readonly greater = (a: Term, b: Term): ValueName => this.of('Greater', a, b)
  readonly equal = (a: Term, b: Term): ValueName => this.of('Equal', a, b)
  readonly where = (condition: ValueName, then: Term, otherwise: Term): ValueName =>
    this.of('Where', condition, then, otherwise)
  /** Truth values as 0 and 1. */
  readonly count = (condition: ValueName): ValueName => this.where(condition, 1, 0)

  term(term: Term): ValueName {
    return typeof term === 'number' ? this.write.number(term, this.dtype) : term
  }
}
