import { abs } from './abs/abs'
import { acos } from './acos/acos'
import { acosh } from './acosh/acosh'
import { add } from './add/add'
import { affineGrid } from './affine-grid/affine-grid'
import { and } from './and/and'
import { argMax } from './arg-max/arg-max'
import { argMin } from './arg-min/arg-min'
import { asin } from './asin/asin'
import { asinh } from './asinh/asinh'
import { atan } from './atan/atan'
import { atanh } from './atanh/atanh'
import { attention } from './attention/attention'
import { averagePoolGradient } from './average-pool-gradient/average-pool-gradient'
import { averagePool } from './average-pool/average-pool'
import { batchNormalization } from './batch-normalization/batch-normalization'
import { bernoulli } from './bernoulli/bernoulli'
import { bitShift } from './bit-shift/bit-shift'
import { bitwiseAnd } from './bitwise-and/bitwise-and'
import { bitwiseNot } from './bitwise-not/bitwise-not'
import { bitwiseOr } from './bitwise-or/bitwise-or'
import { bitwiseXor } from './bitwise-xor/bitwise-xor'
import { blackmanWindow } from './blackman-window/blackman-window'
import { castLike } from './cast-like/cast-like'
import { cast } from './cast/cast'
import { ceil } from './ceil/ceil'
import { celu } from './celu/celu'
import { centerCropPad } from './center-crop-pad/center-crop-pad'
import { clip } from './clip/clip'
import { col2Im } from './col2-im/col2-im'
import { compress } from './compress/compress'
import { concat } from './concat/concat'
import { constantOfShape } from './constant-of-shape/constant-of-shape'
import { constant } from './constant/constant'
import { convInputGradient } from './conv-input-gradient/conv-input-gradient'
import { convTranspose } from './conv-transpose/conv-transpose'
import { convInteger } from './conv-integer/conv-integer'
import { convWeightGradient } from './conv-weight-gradient/conv-weight-gradient'
import { conv } from './conv/conv'
import { cos } from './cos/cos'
import { cosh } from './cosh/cosh'
import { counterUniform } from './counter-uniform/counter-uniform'
import { cumSum } from './cum-sum/cum-sum'
import { deformConv } from './deform-conv/deform-conv'
import { depthToSpace } from './depth-to-space/depth-to-space'
import { dequantizeLinear } from './dequantize-linear/dequantize-linear'
import { det } from './det/det'
import { dft } from './dft/dft'
import { div } from './div/div'
import { dropout } from './dropout/dropout'
import { dynamicQuantizeLSTM } from './dynamic-quantize-lstm/dynamic-quantize-lstm'
import { dynamicQuantizeLinear } from './dynamic-quantize-linear/dynamic-quantize-linear'
import { einsum } from './einsum/einsum'
import { elu } from './elu/elu'
import { equal } from './equal/equal'
import { erf } from './erf/erf'
import { exp } from './exp/exp'
import { expand } from './expand/expand'
import { eyeLike } from './eye-like/eye-like'
import { flatten } from './flatten/flatten'
import { floor } from './floor/floor'
import { gatherElements } from './gather-elements/gather-elements'
import { gatherND } from './gather-nd/gather-nd'
import { gather } from './gather/gather'
import { gelu } from './gelu/gelu'
import { gemm } from './gemm/gemm'
import { globalAveragePool } from './global-average-pool/global-average-pool'
import { globalLpPool } from './global-lp-pool/global-lp-pool'
import { globalMaxPool } from './global-max-pool/global-max-pool'
import { greaterOrEqual } from './greater-or-equal/greater-or-equal'
import { greater } from './greater/greater'
import { gridSample } from './grid-sample/grid-sample'
import { groupNormalization } from './group-normalization/group-normalization'
import { gru } from './gru/gru'
import { hammingWindow } from './hamming-window/hamming-window'
import { hannWindow } from './hann-window/hann-window'
import { hardSigmoid } from './hard-sigmoid/hard-sigmoid'
import { hardSwish } from './hard-swish/hard-swish'
import { hardmax } from './hardmax/hardmax'
import { identity } from './identity/identity'
import { ifOperator } from './if/if'
import { instanceNormalization } from './instance-normalization/instance-normalization'
import { isInf } from './is-inf/is-inf'
import { isNaNOperator } from './is-nan/is-nan'
import { layerNormalization } from './layer-normalization/layer-normalization'
import { leakyRelu } from './leaky-relu/leaky-relu'
import { lessOrEqual } from './less-or-equal/less-or-equal'
import { less } from './less/less'
import { logSoftmax } from './log-softmax/log-softmax'
import { log } from './log/log'
import { loop } from './loop/loop'
import { lpNormalization } from './lp-normalization/lp-normalization'
import { lpPool } from './lp-pool/lp-pool'
import { lrn } from './lrn/lrn'
import { lstm } from './lstm/lstm'
import { matMulInteger } from './mat-mul-integer/mat-mul-integer'
import { matMul } from './mat-mul/mat-mul'
import { maxPoolGradient } from './max-pool-gradient/max-pool-gradient'
import { maxPool } from './max-pool/max-pool'
import { maxRoiPoolGradient } from './max-roi-pool-gradient/max-roi-pool-gradient'
import { maxRoiPool } from './max-roi-pool/max-roi-pool'
import { maxUnpool } from './max-unpool/max-unpool'
import { max } from './max/max'
import { meanVarianceNormalization } from './mean-variance-normalization/mean-variance-normalization'
import { mean } from './mean/mean'
import { melWeightMatrix } from './mel-weight-matrix/mel-weight-matrix'
import { min } from './min/min'
import { mish } from './mish/mish'
import { mod } from './mod/mod'
import { mul } from './mul/mul'
import { multinomial } from './multinomial/multinomial'
import { neg } from './neg/neg'
import { negativeLogLikelihoodLoss } from './negative-log-likelihood-loss/negative-log-likelihood-loss'
import { nonMaxSuppression } from './non-max-suppression/non-max-suppression'
import { nonZero } from './non-zero/non-zero'
import { not } from './not/not'
import { oneHot } from './one-hot/one-hot'
import { or } from './or/or'
import { pRelu } from './p-relu/p-relu'
import { pad } from './pad/pad'
import { pow } from './pow/pow'
import { quantizeLinear } from './quantize-linear/quantize-linear'
import { randomNormalLike } from './random-normal-like/random-normal-like'
import { randomNormal } from './random-normal/random-normal'
import { randomUniformLike } from './random-uniform-like/random-uniform-like'
import { randomUniform } from './random-uniform/random-uniform'
import { range } from './range/range'
import { reciprocal } from './reciprocal/reciprocal'
import { recurrentGradient } from './recurrent-gradient/recurrent-gradient'
import { reduceL1 } from './reduce-l1/reduce-l1'
import { reduceL2 } from './reduce-l2/reduce-l2'
import { reduceLogSumExp } from './reduce-log-sum-exp/reduce-log-sum-exp'
import { reduceLogSum } from './reduce-log-sum/reduce-log-sum'
import { reduceMax } from './reduce-max/reduce-max'
import { reduceMean } from './reduce-mean/reduce-mean'
import { reduceMin } from './reduce-min/reduce-min'
import { reduceProd } from './reduce-prod/reduce-prod'
import { reduceSumSquare } from './reduce-sum-square/reduce-sum-square'
import { reduceSum } from './reduce-sum/reduce-sum'
import { relu } from './relu/relu'
import { reshape } from './reshape/reshape'
import { resizeGradient } from './resize-gradient/resize-gradient'
import { resize } from './resize/resize'
import { reverseSequence } from './reverse-sequence/reverse-sequence'
import { rmsNormalization } from './rms-normalization/rms-normalization'
import { rnn } from './rnn/rnn'
import { roiAlignGradient } from './roi-align-gradient/roi-align-gradient'
import { roiAlign } from './roi-align/roi-align'
import { rotaryEmbedding } from './rotary-embedding/rotary-embedding'
import { round } from './round/round'
import { sampleAt } from './sample-at/sample-at'
import { sampleGradient } from './sample-gradient/sample-gradient'
import { scan } from './scan/scan'
import { scatterElements } from './scatter-elements/scatter-elements'
import { scatterND } from './scatter-nd/scatter-nd'
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
import { spaceToDepth } from './space-to-depth/space-to-depth'
import { split } from './split/split'
import { sqrt } from './sqrt/sqrt'
import { squeeze } from './squeeze/squeeze'
import { stft } from './stft/stft'
import { sub } from './sub/sub'
import { sum } from './sum/sum'
import { swish } from './swish/swish'
import { tan } from './tan/tan'
import { tanh } from './tanh/tanh'
import { tensorScatter } from './tensor-scatter/tensor-scatter'
import { tfIdfVectorizer } from './tf-idf-vectorizer/tf-idf-vectorizer'
import { thresholdedRelu } from './thresholded-relu/thresholded-relu'
import { tile } from './tile/tile'
import { topK } from './top-k/top-k'
import { transpose } from './transpose/transpose'
import { trilu } from './trilu/trilu'
import { unique } from './unique/unique'
import { unsqueeze } from './unsqueeze/unsqueeze'
import { where } from './where/where'
import { xor } from './xor/xor'
import type { Operator } from './op'

/** Every operator of the engine, one line each, in the order of their names. */
export const OPERATORS = [
  abs,
  acos,
  acosh,
  add,
  affineGrid,
  and,
  argMax,
  argMin,
  asin,
  asinh,
  atan,
  atanh,
  attention,
  averagePool,
  averagePoolGradient,
  batchNormalization,
  bernoulli,
  bitShift,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  blackmanWindow,
  cast,
  castLike,
  ceil,
  celu,
  centerCropPad,
  clip,
  col2Im,
  compress,
  concat,
  constant,
  constantOfShape,
  conv,
  convInputGradient,
  convInteger,
  convTranspose,
  convWeightGradient,
  cos,
  cosh,
  counterUniform,
  cumSum,
  dft,
  deformConv,
  depthToSpace,
  dequantizeLinear,
  det,
  div,
  dropout,
  dynamicQuantizeLSTM,
  dynamicQuantizeLinear,
  einsum,
  elu,
  equal,
  erf,
  exp,
  expand,
  eyeLike,
  flatten,
  floor,
  gru,
  gather,
  gatherElements,
  gatherND,
  gelu,
  gemm,
  globalAveragePool,
  globalLpPool,
  globalMaxPool,
  greater,
  greaterOrEqual,
  gridSample,
  groupNormalization,
  hammingWindow,
  hannWindow,
  hardSigmoid,
  hardSwish,
  hardmax,
  identity,
  ifOperator,
  instanceNormalization,
  isInf,
  isNaNOperator,
  lrn,
  lstm,
  layerNormalization,
  leakyRelu,
  less,
  lessOrEqual,
  log,
  logSoftmax,
  loop,
  lpNormalization,
  lpPool,
  matMul,
  matMulInteger,
  max,
  maxPool,
  maxPoolGradient,
  maxRoiPool,
  maxRoiPoolGradient,
  maxUnpool,
  mean,
  meanVarianceNormalization,
  melWeightMatrix,
  min,
  mish,
  mod,
  mul,
  multinomial,
  neg,
  negativeLogLikelihoodLoss,
  nonMaxSuppression,
  nonZero,
  not,
  oneHot,
  or,
  pRelu,
  pad,
  pow,
  quantizeLinear,
  rmsNormalization,
  rnn,
  randomNormal,
  randomNormalLike,
  randomUniform,
  randomUniformLike,
  range,
  reciprocal,
  recurrentGradient,
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reduceSumSquare,
  relu,
  reshape,
  resize,
  resizeGradient,
  reverseSequence,
  roiAlign,
  roiAlignGradient,
  rotaryEmbedding,
  round,
  stft,
  sampleAt,
  sampleGradient,
  scan,
  scatterElements,
  scatterND,
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
  spaceToDepth,
  split,
  sqrt,
  squeeze,
  sub,
  sum,
  swish,
  tan,
  tanh,
  tensorScatter,
  tfIdfVectorizer,
  thresholdedRelu,
  tile,
  topK,
  transpose,
  trilu,
  unique,
  unsqueeze,
  where,
  xor,
] as const satisfies readonly Operator[]

const BY_NAME = new Map<string, Operator>(OPERATORS.map((one) => [`${one.domain}:${one.name}`, one as Operator]))

/** undefined: the engine has no such operator. 'ai.onnx' is the default domain's other name. */
export function findOperator(domain: string, name: string): Operator | undefined {
  return BY_NAME.get(`${domain === 'ai.onnx' ? '' : domain}:${name}`)
}
