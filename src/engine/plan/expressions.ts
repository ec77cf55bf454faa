/** Rewriting of element-wise formulas. Equal objects stay one object, so that machines can compute them once. */
import type { Activation, Expression, Formula, Operand } from '../../backends/kernel-calls'

/** The same formula with other inputs. */
export function substitute<U, B>(expression: Formula<U, B>, inputOf: (input: number) => Formula<U, B>): Formula<U, B> {
  const done = new Map<Formula<U, B>, Formula<U, B>>()
  const visit = (one: Formula<U, B>): Formula<U, B> => {
    const known = done.get(one)
    if (known) return known
    const made = rebuild(one)
    done.set(one, made)
    return made
  }
  const rebuild = (one: Formula<U, B>): Formula<U, B> => {
    if ('input' in one) return inputOf(one.input)
    if ('constant' in one) return one
    if ('unary' in one) return { unary: one.unary, of: visit(one.of) }
    if ('binary' in one) return { binary: one.binary, left: visit(one.left), right: visit(one.right) }
    return { select: visit(one.select), then: visit(one.then), otherwise: visit(one.otherwise) }
  }
  return visit(expression)
}

/** Operations, shared ones counted each time: what a machine that does not share computes. */
export function sizeOf(expression: Expression): number {
  if ('unary' in expression) return 1 + sizeOf(expression.of)
  if ('binary' in expression) return 1 + sizeOf(expression.left) + sizeOf(expression.right)
  if (!('select' in expression)) return 0
  return 1 + sizeOf(expression.select) + sizeOf(expression.then) + sizeOf(expression.otherwise)
}

/** Whether the result can only be 0 or 1. */
export function isBoolean(expression: Expression, inputs: readonly Operand[]): boolean {
  if ('input' in expression) return inputs[expression.input]?.dtype === 'bool'
  if ('constant' in expression) return expression.constant === 0 || expression.constant === 1
  if ('unary' in expression) return expression.unary === 'not' || expression.unary === 'isNaN'
  if ('select' in expression) return isBoolean(expression.then, inputs) && isBoolean(expression.otherwise, inputs)
  switch (expression.binary) {
    case 'less':
    case 'lessOrEqual':
    case 'equal':
      return true
    case 'mul':
    case 'min':
    case 'max':
      return isBoolean(expression.left, inputs) && isBoolean(expression.right, inputs)
    default:
      return false
  }
}

/** The formula as it reads back from a tensor of bool: 0 or 1. */
export function asBoolean(expression: Expression, inputs: readonly Operand[]): Expression {
  return isBoolean(expression, inputs) ? expression : { unary: 'not', of: { unary: 'not', of: expression } }
}

const isInput = (one: Expression): boolean => 'input' in one && one.input === 0

/** The function of input 0 that a kernel can apply to its result; only those that several nodes make together. */
export function recognizeActivation(expression: Expression): Activation | undefined {
  if (!('binary' in expression) || expression.binary !== 'mul') return undefined
  const { left, right } = expression
  const other = isInput(left) ? right : isInput(right) ? left : undefined
  if (!other || !('unary' in other)) return undefined
  return other.unary === 'sigmoid' && isInput(other.of) ? { type: 'silu' } : undefined
}

const INFIX: Partial<Record<string, string>> = {
  add: '+',
  sub: '−',
  mul: '·',
  div: '/',
  less: '<',
  lessOrEqual: '≤',
  equal: '=',
}

/** For `explain`: '(x0 + x1) · 0.5'. */
export function describeExpression(expression: Formula<string, string>): string {
  if ('input' in expression) return `x${expression.input}`
  if ('constant' in expression) return String(Number(expression.constant.toPrecision(4)))
  if ('unary' in expression) return `${expression.unary}(${describeExpression(expression.of)})`
  if ('select' in expression) {
    const { select, then, otherwise } = expression
    return `(${describeExpression(select)} ? ${describeExpression(then)} : ${describeExpression(otherwise)})`
  }
  const [left, right] = [describeExpression(expression.left), describeExpression(expression.right)]
  const infix = INFIX[expression.binary]
  return infix ? `(${left} ${infix} ${right})` : `${expression.binary}(${left}, ${right})`
}
