import type { Activation } from '../../kernel-calls'
import { floatWord } from './command'

const CODES = { relu: 1, clip: 2, leakyRelu: 3, hardSigmoid: 4, sigmoid: 5, tanh: 6, silu: 7, hardSwish: 8 } as const

/** [code, a, b] as assembly/activation.ts reads them; code 0 leaves values as they are. */
export function activationWords(activation: Activation | undefined): readonly [number, number, number] {
  if (!activation) return [0, 0, 0]
  const code = CODES[activation.type]
  switch (activation.type) {
    case 'clip':
      return [code, floatWord(activation.low), floatWord(activation.high)]
    case 'leakyRelu':
      return [code, floatWord(activation.alpha), 0]
    case 'hardSigmoid':
      return [code, floatWord(activation.alpha), floatWord(activation.beta)]
    default:
      return [code, 0, 0]
  }
}
