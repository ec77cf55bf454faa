import * as a from '../attributes'
import { attribute } from '../../graph/model'
import { zerosLike, type ValueName } from '../gradient'
import { defineOperator, EXACT, differentiable, onHost, type TensorType } from '../op'

const attributes = { then_branch: a.graph(), else_branch: a.graph() }

/** The outputs of one of two graphs, which see the values around the node (ONNX If-25). */
export const ifOperator = defineOperator({
  name: 'If',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    if (context.dtype(0) !== 'bool') context.fail(`the condition must be bool, not ${context.dtype(0)}`)
    const { then_branch, else_branch } = context.attributes
    const known = context.constant(0)
    if (known) return context.inferGraph(known.values[0] ? then_branch : else_branch, [])
    const otherwise = context.inferGraph(else_branch, [])
    return context.inferGraph(then_branch, []).map((one, i) => either(one, otherwise[i]))
  },
  async reference(context, condition) {
    const { then_branch, else_branch } = context.attributes
    if (condition!.values.length !== 1) context.fail('the condition must be one element')
    return context.run(condition!.values[0] ? then_branch : else_branch, [])
  },
  // of the branch that ran, which runs once more inside
  gradient: differentiable<typeof attributes>((context) => {
    const { write, captured } = context
    const back = (name: 'then_branch' | 'else_branch') =>
      attribute.graph(
        name,
        context.subGraph([], (inner) => {
          const outputs = inner.replay(context.attributes[name], [])
          const gradients = outputs.flatMap((value, i): [ValueName, ValueName][] => {
            const gradient = context.gradient(i)
            return gradient ? [[value, gradient]] : []
          })
          const found = inner.pullback(gradients, captured)
          return captured.map((value, i) => found[i] ?? zerosLike(inner.write, value))
        }),
      )
    const branches = [back('then_branch'), back('else_branch')]
    return [undefined, ...write.addMany('If', [context.input(0)], captured.length, branches)]
  }),
  lower: onHost('which branch runs depends on a value'),
  tolerance: EXACT,
})

/** What holds whichever branch runs. */
function either(one: TensorType | undefined, other: TensorType | undefined): TensorType | undefined {
  if (!one || one.dtype !== other?.dtype) return undefined
  const isOneRank = one.shape && other.shape && one.shape.length === other.shape.length
  const shape = isOneRank ? one.shape.map((dim, axis) => (dim === other.shape![axis] ? dim : null)) : undefined
  return { dtype: one.dtype, shape }
}
