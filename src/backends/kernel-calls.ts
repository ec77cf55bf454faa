/**
 * What an operator asks a machine to do: plain data, the same for WASM and WebGPU. A machine knows kernels, never
 * operators. All offsets, strides and sizes count elements, not bytes. Unless a call says otherwise its tensors are
 * float32 and contiguous, row-major.
 */
import type { KnownDType } from '../core/dtypes'
import type { HistogramCall, MinMaxCall } from './observe-calls'
import type { AttentionCall } from './attention-call'
import type { CumulativeCall, DeterminantCall, PickCall, TopKCall } from './row-calls'
import type { PowerRounding } from '../core/minifloat'
import type { CountCall, GatherBlocksCall, InsertCall, OneHotCall, ReverseCall, ScatterBlocksCall } from './place-calls'

/** A tensor of a plan: its place is assigned later, once for all runs. */
export interface Operand {
  readonly id: number
  readonly dtype: KnownDType
  readonly shape: readonly number[]
}

/** Applied to a result before it is stored (fused epilogue). */
export type Activation =
  | { readonly type: 'relu' | 'sigmoid' | 'tanh' | 'hardSwish' | 'silu' }
  | { readonly type: 'clip'; readonly low: number; readonly high: number }
  | { readonly type: 'leakyRelu'; readonly alpha: number }
  | { readonly type: 'hardSigmoid'; readonly alpha: number; readonly beta: number }

export type UnaryName =
  | 'abs'
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'floor'
  | 'ceil'
  /** To the nearest, ties to even. */
  | 'round'
  | 'sign'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'softplus'
  /** 1 where the argument is 0, else 0. */
  | 'not'
  | 'isNaN'

export type BinaryName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  /** As `div`, rounded to the nearest float32 everywhere: where a quotient decides an integer. */
  | 'quotient'
  | 'pow'
  /** NaN when either is NaN, as ONNX asks. */
  | 'min'
  | 'max'
  /** 1 or 0. */
  | 'less'
  | 'lessOrEqual'
  | 'equal'

/** A formula for one element. `input` is an index into the call's inputs; expressions that are one object are one value. */
export type Formula<Unary, Binary> =
  | { readonly input: number }
  | { readonly constant: number }
  | { readonly unary: Unary; readonly of: Formula<Unary, Binary> }
  | { readonly binary: Binary; readonly left: Formula<Unary, Binary>; readonly right: Formula<Unary, Binary> }
  /** `then` where `condition` is not 0, else `otherwise`; what is not chosen does not matter, NaN included. */
  | {
      readonly select: Formula<Unary, Binary>
      readonly then: Formula<Unary, Binary>
      readonly otherwise: Formula<Unary, Binary>
    }

/** Element-wise arithmetic in float32. */
export type Expression = Formula<UnaryName, BinaryName>

/** Element-wise arithmetic on integers. */
export type IntegerExpression = Formula<IntegerUnaryName, IntegerBinaryName>

export type IntegerUnaryName =
  | 'neg'
  | 'abs'
  | 'sign'
  /** 1 where the argument is 0, else 0. */
  | 'not'
  /** Every bit turned. */
  | 'bitNot'

export type IntegerBinaryName =
  | 'add'
  | 'sub'
  | 'mul'
  /** Cut towards zero. */
  | 'div'
  /** Of the sign of the dividend. */
  | 'remainder'
  /** Of the sign of the divisor. */
  | 'mod'
  /** Negative powers are cut towards zero. */
  | 'pow'
  | 'min'
  | 'max'
  /** 1 or 0. */
  | 'less'
  | 'lessOrEqual'
  | 'equal'
  | 'bitAnd'
  | 'bitOr'
  | 'bitXor'
  /** Zeros come in, and nothing is left from the width of the type on. */
  | 'shiftLeft'
  | 'shiftRight'

/**
 * output[i] = expression(inputs[i]): the inputs broadcast to the output's shape as in NumPy. Inputs are float32 or
 * bool (read as 0 and 1), the output float32 or bool (stored as "not 0"). Chains are fused by the planner.
 */
export interface MapCall {
  readonly kernel: 'map'
  readonly expression: Expression
  readonly inputs: readonly Operand[]
  readonly output: Operand
}

/**
 * output[i] = expression(inputs[i]) in integers, broadcast as `map`. Inputs are of `dtype`, bool (0 and 1) or, as exponents,
 * of another integer type; the output is of `dtype` or bool (stored as "not 0"). Every result wraps to the width of `dtype`;
 * where a machine holds 64-bit integers in fewer bits, a result that leaves them ends the run with an error, as do divisions by
 * zero and negative powers of it everywhere.
 */
export interface IntegerMapCall {
  readonly kernel: 'integerMap'
  readonly dtype: KnownDType
  readonly expression: IntegerExpression
  readonly inputs: readonly Operand[]
  readonly output: Operand
}

/**
 * output[Σ index·outputStrides + outputOffset] = input[Σ index·inputStrides + inputOffset] for every index below
 * `sizes`. Of any dtype whose elements have 1, 2, 4 or 8 bytes. Strides may be 0 or negative. Elements of the output
 * that are not named keep what an earlier call of the same plan step wrote.
 */
export interface CopyCall {
  readonly kernel: 'copy'
  readonly input: Operand
  readonly output: Operand
  readonly sizes: readonly number[]
  readonly inputStrides: readonly number[]
  readonly inputOffset: number
  readonly outputStrides: readonly number[]
  readonly outputOffset: number
}

/**
 * output[i] = the i-th number in [0, 1) of Threefry2x32 under `key`, int32 [2]: word i mod 2 of the counter (i div 2, stream), its
 * upper 24 bits (`core/threefry.ts`).
 */
export interface RandomCall {
  readonly kernel: 'random'
  readonly key: Operand
  readonly output: Operand
  readonly stream: number
}

/** Every element becomes `value`; of any dtype. */
export interface FillCall {
  readonly kernel: 'fill'
  readonly output: Operand
  readonly value: number
}

/** The output is the input under another shape (or another name): no work, the same memory. */
export interface AliasCall {
  readonly kernel: 'alias'
  readonly input: Operand
  readonly output: Operand
}

/**
 * Input seen as [outer, size, inner]; output [outer, inner]. `sumSquare`, `l1`, `l2`, `logSumExp` as in ONNX. Input and
 * output are float32, or one integer type or bool: then no logarithms, quotients and roots are cut towards zero, and sums
 * wrap as the type does; where a machine holds 64 bits in fewer, it ends the run instead.
 */
export interface ReduceCall {
  readonly kernel: 'reduce'
  readonly reduction: 'sum' | 'mean' | 'max' | 'min' | 'prod' | 'sumSquare' | 'l1' | 'l2' | 'logSum' | 'logSumExp'
  readonly input: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/**
 * Input seen as [outer, size, inner], of any type of numbers; output int64 [outer, inner]. The first of equals, unless
 * `takesLast`; NaN is never better than another.
 */
export interface ArgReduceCall {
  readonly kernel: 'argReduce'
  readonly wants: 'max' | 'min'
  readonly takesLast: boolean
  readonly input: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/** Over `size` of [outer, size, inner], with the maximum subtracted first. */
export interface SoftmaxCall {
  readonly kernel: 'softmax'
  readonly isLog: boolean
  readonly input: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/**
 * y[r, i] = (x[r, i] − mean_r) / sqrt(var_r + epsilon) · scale[s] + bias[s] over rows of `size` elements. With 'rms'
 * there is no mean: x / sqrt(mean(x²) + epsilon). The index s is i (`perElement`), or (r mod channels) for instance and
 * group normalization, where one row is one channel or group: then scale and bias have [channels, size / spread] entries
 * each applied to `spread` neighbouring elements.
 */
export interface NormalizeCall {
  readonly kernel: 'normalize'
  readonly type: 'layer' | 'rms'
  readonly input: Operand
  readonly output: Operand
  readonly scale?: Operand
  readonly bias?: Operand
  readonly rows: number
  readonly size: number
  readonly epsilon: number
  /** 'element': index i. Else one entry per `spread` elements, starting over every `channels` entries. */
  readonly affine:
    { readonly by: 'element' } | { readonly by: 'channel'; readonly channels: number; readonly spread: number }
}

/**
 * output[b] = activation(alpha · op(A[b]) · op(B[b]) + bias). op(A) is [m, k], op(B) [k, n], output [m, n].
 * `aStride` and `bStride` are elements from one batch entry to the next, 0 to use the same again; they are given per entry in `batches`
 * where broadcasting is irregular. All float32; or all int32 or uint32, which wrap, with alpha 1 and nothing added.
 */
export interface GemmCall {
  readonly kernel: 'gemm'
  readonly a: Operand
  readonly b: Operand
  readonly output: Operand
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly alpha: number
  /** Offsets of the matrices of each batch entry; output entries follow each other. */
  readonly batches: readonly { readonly a: number; readonly b: number }[]
  /** Already scaled by beta. 'n': [n], one per column; 'm': [m], one per row; 'mn': [m, n]; 'scalar': one. */
  readonly bias?: { readonly operand: Operand; readonly along: 'n' | 'm' | 'mn' | 'scalar' }
  readonly activation?: Activation
}

/** Geometry of one spatial axis; sizes, strides and dilations ≥ 1, padding ≥ 0. */
export interface Window {
  readonly input: number
  readonly output: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly padBegin: number
}

/**
 * x [batch, groups · inPerGroup, …input], weight [groups · outPerGroup, inPerGroup, …kernel], bias [groups · outPerGroup].
 * One to three spatial axes.
 */
export interface ConvCall {
  readonly kernel: 'conv'
  readonly input: Operand
  readonly weight: Operand
  readonly bias?: Operand
  readonly output: Operand
  readonly batch: number
  readonly groups: number
  readonly inPerGroup: number
  readonly outPerGroup: number
  readonly axes: readonly Window[]
  readonly activation?: Activation
}

/** The transpose of a convolution: weight [groups · inPerGroup, outPerGroup, …kernel]; `Window.input` is still the input's size. */
export interface ConvTransposeCall extends Omit<ConvCall, 'kernel'> {
  readonly kernel: 'convTranspose'
}

/**
 * The gradient of a convolution with respect to its weight: output[o, c, k] = Σ_n Σ_q gradient[n, o, q] · input[n, c,
 * q·stride − padBegin + k·dilation], what lies outside being 0. Input and axes are those of the convolution, `gradient` [batch,
 * groups · outPerGroup, …output], output [groups · outPerGroup, inPerGroup, …kernel].
 */
export interface ConvWeightGradientCall {
  readonly kernel: 'convWeightGradient'
  readonly input: Operand
  readonly gradient: Operand
  readonly output: Operand
  readonly batch: number
  readonly groups: number
  readonly inPerGroup: number
  readonly outPerGroup: number
  readonly axes: readonly Window[]
}

/**
 * x [batch · channels, …input] → [batch · channels, …output]. 'average' divides by what lies inside, or by the whole window;
 * 'norm' is (Σ |x|^norm)^(1/norm). 'max' takes any numbers.
 */
export interface PoolCall {
  readonly kernel: 'pool'
  readonly type: 'max' | 'average' | 'norm'
  /** Of 'norm': a whole number from 1 on. */
  readonly norm?: number
  readonly countsPadding: boolean
  /** With `countsPadding`: padding at the end of each axis, beyond which a window of ceil mode does not count. */
  readonly padEnds: readonly number[]
  readonly input: Operand
  readonly output: Operand
  readonly planes: number
  readonly axes: readonly Window[]
}

/**
 * Where the largest element of each window stands: output int64 [planes, …output], plane · elements of a plane + its place
 * there, counted along rows or along columns. The first of equals.
 */
export interface ArgPoolCall {
  readonly kernel: 'argPool'
  readonly byColumns: boolean
  readonly input: Operand
  readonly output: Operand
  readonly planes: number
  readonly axes: readonly Window[]
}

/**
 * The gradient of a pooling 'max': output[plane, p] = Σ gradient[plane, q] over the windows q whose largest element stands at p,
 * the first of equals. Input and output [planes, …input], gradient [planes, …output].
 */
export interface MaxPoolGradientCall {
  readonly kernel: 'maxPoolGradient'
  readonly input: Operand
  readonly gradient: Operand
  readonly output: Operand
  readonly planes: number
  readonly axes: readonly Window[]
}

/**
 * Overlapping blocks added up: output[plane, p] = Σ input[plane, k, q] over all q, k with q·stride − padBegin + k·dilation = p.
 * input [planes, …kernel, …input], output [planes, …output], both float32 or int32.
 */
export interface FoldCall {
  readonly kernel: 'fold'
  readonly input: Operand
  readonly output: Operand
  readonly planes: number
  readonly axes: readonly Window[]
}

/**
 * Images read at positions: input [images, channels, …sizes], positions [images, places, axes], the last axis first; output
 * [images, channels, places]. One to three axes.
 */
export interface SampleCall {
  readonly kernel: 'sample'
  readonly mode: 'nearest' | 'linear' | 'cubic'
  /** What stands for elements outside. */
  readonly padding: 'zeros' | 'border' | 'reflection'
  /** Elements from the first one on; or −1 to 1, from center to center of the outermost elements ('centers') or edge to edge. */
  readonly unit: 'elements' | 'centers' | 'edges'
  readonly input: Operand
  readonly positions: Operand
  readonly output: Operand
  readonly images: number
  readonly channels: number
  readonly sizes: readonly number[]
  readonly places: number
}

/**
 * Boxes of images as grids of cells: input [images, channels, height, width], output [boxes, channels, rows, columns].
 * 'average' and 'max' interpolate points inside each cell (ONNX RoiAlign): boxes [boxes, 4] of x1, y1, x2, y2, and the image of
 * each box in `imageOf` [boxes], int64 or int32, checked. 'maxElement' takes whole elements (ONNX MaxRoiPool): boxes [boxes, 5],
 * the image first, checked too.
 */
export interface RoiCall {
  readonly kernel: 'roi'
  readonly type: 'average' | 'max' | 'maxElement'
  readonly input: Operand
  readonly boxes: Operand
  readonly imageOf?: Operand
  readonly output: Operand
  readonly images: number
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly count: number
  readonly rows: number
  readonly columns: number
  /** From the boxes' coordinates to elements. */
  readonly scale: number
  /** Points interpolated along each side of a cell; 0: as many as it has elements. Not of 'maxElement'. */
  readonly points: number
  /** Elements lie at half places, and boxes may be smaller than one element. Not of 'maxElement'. */
  readonly isHalfPixel: boolean
}

/** output[o, i, inner] = input[o, indices[i], inner]; indices int64 or int32, negative ones count from the end; checked. */
export interface GatherCall {
  readonly kernel: 'gather'
  readonly input: Operand
  readonly indices: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly count: number
  readonly inner: number
}

/**
 * Number conversions between any types; to bool as "not 0". Floats are cut towards zero and saturate at 64 bits for 64-bit
 * integers, at 32 bits for the others (of the same signedness; signed for 4 and 2 bits), whose high bits then fall away; NaN
 * becomes 0. Integers lose their high bits.
 */
export interface CastCall {
  readonly kernel: 'cast'
  readonly input: Operand
  readonly output: Operand
  /** The results are rounded to this float, which the output's slots hold: float16, bfloat16, float8, float4. */
  readonly rounds?: {
    readonly to: KnownDType
    /** For float8: too large becomes the largest, else NaN or infinity. */
    readonly saturates: boolean
    /** For float8e8m0. */
    readonly rounding: PowerRounding
  }
}

/**
 * Resampling of planes [planes, ...input] along the last axes, one after the other: output[j] = Σ_t weights[j·taps + t] ·
 * input[indices[j·taps + t]]. Indices are clamped by the caller; what lies outside has weight 0.
 */
export interface ResampleCall {
  readonly kernel: 'resample'
  readonly input: Operand
  readonly output: Operand
  /** Seen as [outer, size, inner] → [outer, newSize, inner]. */
  readonly outer: number
  readonly size: number
  readonly newSize: number
  readonly inner: number
  readonly taps: number
  /** [newSize · taps] */
  readonly indices: readonly number[]
  readonly weights: readonly number[]
}

/**
 * One direction of a recurrent layer, whole sequence. Gate order as in ONNX (LSTM iofc, GRU zrh). input [steps, batch,
 * inputSize] with `gates` = x·Wᵀ + Wb + Rb computed before by a gemm: [steps, batch, G·hidden].
 * `recurrent` [G·hidden, hidden]. For GRU with linearBeforeReset = 1 the recurrent bias of h is in `recurrentBias`.
 */
export interface RecurrentCall {
  readonly kernel: 'recurrent'
  readonly type: 'lstm' | 'gru' | 'rnn'
  readonly gates: Operand
  readonly recurrent: Operand
  /** GRU only, [hidden]: the recurrent bias of the candidate, inside the reset when linearBeforeReset. */
  readonly recurrentBias?: Operand
  readonly linearBeforeReset: boolean
  readonly initialHidden?: Operand
  readonly initialCell?: Operand
  /** LSTM only, [3·hidden], order i o f. */
  readonly peephole?: Operand
  /**
   * int32, [batch]: steps that each entry has, in [0, steps]: checked. Beyond them `hidden` is 0, and the last states are
   * those at an entry's end, 0 where it has no steps. Default: all have `steps`.
   */
  readonly lengths?: Operand
  /** [steps, batch, hidden], of this direction only. */
  readonly hidden: Operand
  readonly lastHidden: Operand
  readonly lastCell?: Operand
  readonly steps: number
  readonly batch: number
  readonly size: number
  readonly isReverse: boolean
}

/**
 * QuantizeLinear and DequantizeLinear, [outer, channels, inner]: numbers to integers of at most 16 bits or narrow floats with
 * a scale of some float type, and back to float32 (int32 too). Quantizing NaN to integers gives 0.
 */
export interface QuantizeCall {
  readonly kernel: 'quantizeLinear' | 'dequantizeLinear'
  readonly input: Operand
  readonly scale: Operand
  readonly zeroPoint?: Operand
  readonly output: Operand
  readonly outer: number
  readonly channels: number
  readonly inner: number
  /** Scales are [outer, ceil(channels / block), inner], one for so many neighbours among the channels. Default: [channels]. */
  readonly block?: number
  /** The quotient is rounded to it, too, before it is rounded to the output's type. */
  readonly precision?: 'float16' | 'bfloat16'
  /** false: what a narrow float cannot hold becomes infinite or NaN. */
  readonly saturates?: boolean
}

export type KernelCall =
  | MapCall
  | IntegerMapCall
  | CopyCall
  | FillCall
  | RandomCall
  | AliasCall
  | ReduceCall
  | ArgReduceCall
  | SoftmaxCall
  | NormalizeCall
  | GemmCall
  | ConvCall
  | ConvTransposeCall
  | ConvWeightGradientCall
  | PoolCall
  | ArgPoolCall
  | MaxPoolGradientCall
  | FoldCall
  | SampleCall
  | RoiCall
  | GatherCall
  | GatherBlocksCall
  | ScatterBlocksCall
  | InsertCall
  | ReverseCall
  | OneHotCall
  | CountCall
  | CastCall
  | ResampleCall
  | RecurrentCall
  | QuantizeCall
  | MinMaxCall
  | HistogramCall
  | AttentionCall
  | TopKCall
  | CumulativeCall
  | DeterminantCall
  | PickCall
