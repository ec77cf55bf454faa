import type { HostArray } from '../../core/host-array'
import { ShapeError } from '../../core/errors'
import { checkGradient, type CheckOptions, type GradientReport } from '../autodiff/check-gradient'
import { GraphBuilder } from '../build/graph-builder'
import { evaluate } from './evaluate'
import { addProgram, programOf } from './program'
import type { AnyTensor } from './tensor'
import { wrap } from './tensor-object'
import { given, loadedTensor, type Value } from './value'

/**
 * Compares the gradient of a function with central differences, both in double precision: mismatches are listed by
 * input ('input', 'input_1', …) and element.
 * @param run makes a scalar
 * @param inputs float tensors at which it is checked
 * @throws ShapeError where the function makes no scalar or depends on an input without numbers; UnsupportedError for an
 *   operator without derivative
 */
export async function checkGradients(
  run: (...inputs: AnyTensor[]) => AnyTensor,
  inputs: readonly AnyTensor[],
  options: CheckOptions = {},
): Promise<GradientReport> {
  await evaluate(inputs.map(({ value }) => value))
  const leaves = inputs.map(({ value }): AnyTensor => wrap(given(value.array as HostArray, { requiresGrad: true })))
  const output = run(...leaves)
  const program = programOf([output.value], ({ operation }) => !operation)
  const builder = new GraphBuilder(undefined, loadedTensor)
  const at = new Map<string, HostArray>()
  const names = addProgram(builder, program, (leaf) => addLeaf(builder, leaf, at))
  return checkGradient(builder, names.get(output.value) as string, at, options)
}

function addLeaf(
  builder: GraphBuilder,
  { array, name, type, requiresGrad }: Value,
  at: Map<string, HostArray>,
): string {
  if (!array) throw new ShapeError(`The input ${name ?? 'of this function'} has no value.`)
  if (!requiresGrad) return builder.constant(array)
  const input = builder.input('input', type)
  at.set(input, array)
  return input
}
