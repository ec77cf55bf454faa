import type { KernelCall, Operand } from './kernel-calls'

const isOperand = (value: unknown): value is Operand =>
  typeof value === 'object' && value !== null && 'id' in value && 'dtype' in value

const present = (operands: readonly (Operand | undefined)[]): Operand[] => operands.filter(isOperand)

/** Operands that a call reads; one that it reads twice stands twice. */
export function readsOf(call: KernelCall): readonly Operand[] {
  switch (call.kernel) {
    case 'map':
    case 'integerMap':
      return call.inputs
    case 'fill':
      return []
    case 'random':
      return [call.key]
    case 'normalize':
      return present([call.input, call.scale, call.bias])
    case 'gemm':
      return present([call.a, call.b, call.bias?.operand])
    case 'conv':
    case 'convTranspose':
      return present([call.input, call.weight, call.bias])
    case 'convWeightGradient':
    case 'maxPoolGradient':
      return [call.input, call.gradient]
    case 'scatterBlocks':
      return [call.input, call.indices, call.updates]
    case 'insert':
      return [call.input, call.updates, call.starts]
    case 'reverse':
      return [call.input, call.lengths]
    case 'oneHot':
      return [call.input, call.values]
    case 'gatherBlocks':
    case 'gather':
    case 'pick':
      return [call.input, call.indices]
    case 'sample':
      return [call.input, call.positions]
    case 'roi':
      return present([call.input, call.boxes, call.imageOf])
    case 'recurrent': {
      const { gates, recurrent, recurrentBias, initialHidden, initialCell, peephole, lengths } = call
      return present([gates, recurrent, recurrentBias, initialHidden, initialCell, peephole, lengths])
    }
    case 'attention':
      return present([call.query, call.key, call.value, call.mask, call.valid])
    case 'quantizeLinear':
    case 'dequantizeLinear':
      return present([call.input, call.scale, call.zeroPoint])
    default:
      return [call.input]
  }
}

/** Operands that a call writes. `copy` may write a part of one. */
export function writesOf(call: KernelCall): readonly Operand[] {
  if (call.kernel === 'recurrent') return present([call.hidden, call.lastHidden, call.lastCell])
  if (call.kernel === 'topK') return [call.values, call.indices]
  return [call.output]
}

/** The same call with other operands. */
export function replaceOperands<C extends KernelCall>(call: C, replace: (operand: Operand) => Operand): C {
  const copied: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(call)) {
    if (isOperand(value)) copied[name] = replace(value)
    else if (name === 'inputs') copied[name] = (value as readonly Operand[]).map(replace)
    else if (name === 'bias' && value !== undefined) {
      const bias = value as { operand: Operand }
      copied[name] = { ...bias, operand: replace(bias.operand) }
    } else copied[name] = value
  }
  return copied as unknown as C
}
