/**
 * First word of each command, the same file for the encoder (TypeScript) and the walker (AssemblyScript): plain
 * constants only. A family takes the next free number; numbers are never stored, so they may change.
 */
export const OP_FILL = 1
export const OP_COPY = 2
export const OP_MAP = 3
export const OP_REDUCE = 4
export const OP_ARG_REDUCE = 5
export const OP_SOFTMAX = 6
export const OP_NORMALIZE = 7
export const OP_GATHER = 8
export const OP_CAST = 9
export const OP_RESAMPLE = 10
export const OP_QUANTIZE = 11
export const OP_DEQUANTIZE = 12
export const OP_MIN_MAX = 13
export const OP_HISTOGRAM = 14
export const OP_INTEGER_SUM = 15
export const OP_RANDOM = 16
export const OP_PICK = 17
export const OP_ONE_HOT = 18
export const OP_GATHER_BLOCKS = 19

export const OP_GEMM = 20
export const OP_GEMV = 21
export const OP_CONV = 22
export const OP_DEPTHWISE = 23
export const OP_CONV_TRANSPOSE = 24
export const OP_POOL = 25
export const OP_RECURRENT = 26
export const OP_CONV_WEIGHT = 27
export const OP_MAX_POOL_GRADIENT = 28
export const OP_SCATTER_BLOCKS = 29

/** Instructions of `map`. */
export const MAP_COPY = 0
export const MAP_ABS = 1
export const MAP_NEG = 2
export const MAP_EXP = 3
export const MAP_LOG = 4
export const MAP_SQRT = 5
export const MAP_RECIPROCAL = 6
export const MAP_FLOOR = 7
export const MAP_CEIL = 8
export const MAP_ROUND = 9
export const MAP_SIGN = 10
export const MAP_SIN = 11
export const MAP_COS = 12
export const MAP_TANH = 13
export const MAP_SIGMOID = 14
export const MAP_ERF = 15
export const MAP_SOFTPLUS = 16
export const MAP_NOT = 17
export const MAP_IS_NAN = 18
export const MAP_ADD = 20
export const MAP_SUB = 21
export const MAP_MUL = 22
export const MAP_DIV = 23
export const MAP_POW = 24
export const MAP_MIN = 25
export const MAP_MAX = 26
export const MAP_LESS = 27
export const MAP_LESS_OR_EQUAL = 28
export const MAP_EQUAL = 29
export const MAP_SELECT = 30
/** Where the second argument is never NaN: one machine instruction instead of eight. */
export const MAP_MIN_NUMBER = 31
export const MAP_MAX_NUMBER = 32
/** Of products: a · b + c, c − a · b, each rounded twice as the two instructions do. */
export const MAP_MUL_ADD = 33
export const MAP_MUL_SUB = 34
/** a · b + c · d. */
export const MAP_MUL_MUL_ADD = 35
/** c where a < b, else 0. */
export const MAP_MASK = 36

/** Words of an instruction: op, target, four sources. */
export const MAP_WORDS = 6

/** Floats in a tile: eight of them fill a first-level cache. */
export const MAP_TILE = 1024

/** What scattered blocks do with what is there. */
export const BLOCK_NONE = 0
export const BLOCK_ADD = 1
export const BLOCK_MUL = 2
export const BLOCK_MAX = 3
export const BLOCK_MIN = 4

/** Reductions. */
export const REDUCE_SUM = 0
export const REDUCE_MEAN = 1
export const REDUCE_MAX = 2
export const REDUCE_MIN = 3
export const REDUCE_PROD = 4
export const REDUCE_SUM_SQUARE = 5
export const REDUCE_L1 = 6
export const REDUCE_L2 = 7
export const REDUCE_LOG_SUM = 8
export const REDUCE_LOG_SUM_EXP = 9
