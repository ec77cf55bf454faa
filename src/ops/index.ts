import { abs } from './abs/abs'
import { acos } from './acos/acos'
import { acosh } from './acosh/acosh'
import { add } from './add/add'
import { asin } from './asin/asin'
import { asinh } from './asinh/asinh'
import { atan } from './atan/atan'
import { atanh } from './atanh/atanh'
import { attention } from './attention/attention'
import { blackmanWindow } from './blackman-window/blackman-window'
import { ceil } from './ceil/ceil'
import { celu } from './celu/celu'
import { concat } from './concat/concat'
import { constantOfShape } from './constant-of-shape/constant-of-shape'
import { constant } from './constant/constant'
import { cos } from './cos/cos'
import { cosh } from './cosh/cosh'
import { dft } from './dft/dft'
import { elu } from './elu/elu'
import { erf } from './erf/erf'
import { exp } from './exp/exp'
import { expand } from './expand/expand'
import { flatten } from './flatten/flatten'
import { floor } from './floor/floor'
import { gather } from './gather/gather'
import { gelu } from './gelu/gelu'
import { gemm } from './gemm/gemm'
import { gru } from './gru/gru'
import { hammingWindow } from './hamming-window/hamming-window'
import { hannWindow } from './hann-window/hann-window'
import { hardSigmoid } from './hard-sigmoid/hard-sigmoid'
import { hardSwish } from './hard-swish/hard-swish'
import { hardmax } from './hardmax/hardmax'
import { identity } from './identity/identity'
import { ifOperator } from './if/if'
import { isInf } from './is-inf/is-inf'
import { isNaNOperator } from './is-nan/is-nan'
import { leakyRelu } from './leaky-relu/leaky-relu'
import { logSoftmax } from './log-softmax/log-softmax'
import { log } from './log/log'
import { loop } from './loop/loop'
import { lstm } from './lstm/lstm'
import { matMul } from './mat-mul/mat-mul'
import { melWeightMatrix } from './mel-weight-matrix/mel-weight-matrix'
import { mish } from './mish/mish'
import { neg } from './neg/neg'
import { negativeLogLikelihoodLoss } from './negative-log-likelihood-loss/negative-log-likelihood-loss'
import { reciprocal } from './reciprocal/reciprocal'
import { relu } from './relu/relu'
import { reshape } from './reshape/reshape'
import { rnn } from './rnn/rnn'
import { rotaryEmbedding } from './rotary-embedding/rotary-embedding'
import { round } from './round/round'
import { scan } from './scan/scan'
import { selu } from './selu/selu'
import { shape } from './shape/shape'
import { shrink } from './shrink/shrink'
import { sigmoid } from './sigmoid/sigmoid'
import { sign } from './sign/sign'
import { sin } from './sin/sin'
import { sinh } from './sinh/sinh'
import { size } from './size/size'
import { slice } from './slice/slice'
import { softmaxCrossEntropyLoss } from './softmax-cross-entropy-loss/softmax-cross-entropy-loss'
import { softmax } from './softmax/softmax'
import { softplus } from './softplus/softplus'
import { softsign } from './softsign/softsign'
import { split } from './split/split'
import { sqrt } from './sqrt/sqrt'
import { squeeze } from './squeeze/squeeze'
import { stft } from './stft/stft'
import { swish } from './swish/swish'
import { tan } from './tan/tan'
import { tanh } from './tanh/tanh'
import { thresholdedRelu } from './thresholded-relu/thresholded-relu'
import { tile } from './tile/tile'
import { transpose } from './transpose/transpose'
import { unsqueeze } from './unsqueeze/unsqueeze'
import type { Operator } from './op'

/** Every operator of the engine, one line each, in the order of their names. */
export const OPERATORS = [
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atanh,
  attention,
  blackmanWindow,
  ceil,
  celu,
  concat,
  constant,
  constantOfShape,
  cos,
  cosh,
  dft,
  elu,
  erf,
  exp,
  expand,
  flatten,
  floor,
  gru,
  gather,
  gelu,
  gemm,
  hammingWindow,
  hannWindow,
  hardSigmoid,
  hardSwish,
  hardmax,
  identity,
  ifOperator,
  isInf,
  isNaNOperator,
  lstm,
  leakyRelu,
  log,
  logSoftmax,
  loop,
  matMul,
  melWeightMatrix,
  mish,
  neg,
  negativeLogLikelihoodLoss,
  rnn,
  reciprocal,
  relu,
  reshape,
  rotaryEmbedding,
  round,
  stft,
  scan,
  selu,
  shape,
  shrink,
  sigmoid,
  sign,
  sin,
  sinh,
  size,
  slice,
  softmax,
  softmaxCrossEntropyLoss,
  softplus,
  softsign,
  split,
  sqrt,
  squeeze,
  swish,
  tan,
  tanh,
  thresholdedRelu,
  tile,
  transpose,
  unsqueeze,
] as const satisfies readonly Operator[]

const BY_NAME = new Map<string, Operator>(OPERATORS.map((one) => [`${one.domain}:${one.name}`, one as Operator]))

/** undefined: the engine has no such operator. 'ai.onnx' is the default domain's other name. */
export function findOperator(domain: string, name: string): Operator | undefined {
  return BY_NAME.get(`${domain === 'ai.onnx' ? '' : domain}:${name}`)
}
