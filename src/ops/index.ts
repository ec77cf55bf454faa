import { abs } from './abs/abs'
import { add } from './add/add'
import { attention } from './attention/attention'
import { gemm } from './gemm/gemm'
import { gru } from './gru/gru'
import { hardmax } from './hardmax/hardmax'
import { ifOperator } from './if/if'
import { logSoftmax } from './log-softmax/log-softmax'
import { loop } from './loop/loop'
import { lstm } from './lstm/lstm'
import { matMul } from './mat-mul/mat-mul'
import { negativeLogLikelihoodLoss } from './negative-log-likelihood-loss/negative-log-likelihood-loss'
import { rnn } from './rnn/rnn'
import { rotaryEmbedding } from './rotary-embedding/rotary-embedding'
import { scan } from './scan/scan'
import { softmax } from './softmax/softmax'
import { softmaxCrossEntropyLoss } from './softmax-cross-entropy-loss/softmax-cross-entropy-loss'
import type { Operator } from './op'

/** Every operator of the engine, one line each, in the order of their names. */
export const OPERATORS = [
  abs,
  add,
  attention,
  gru,
  gemm,
  hardmax,
  ifOperator,
  lstm,
  logSoftmax,
  loop,
  matMul,
  negativeLogLikelihoodLoss,
  rnn,
  rotaryEmbedding,
  scan,
  softmax,
  softmaxCrossEntropyLoss,
] as const satisfies readonly Operator[]

const BY_NAME = new Map<string, Operator>(OPERATORS.map((one) => [`${one.domain}:${one.name}`, one as Operator]))

/** undefined: the engine has no such operator. 'ai.onnx' is the default domain's other name. */
export function findOperator(domain: string, name: string): Operator | undefined {
  return BY_NAME.get(`${domain === 'ai.onnx' ? '' : domain}:${name}`)
}
