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

export const OP_GEMM = 20
export const OP_GEMV = 21
export const OP_CONV = 22
export const OP_DEPTHWISE = 23
export const OP_CONV_TRANSPOSE = 24
export const OP_POOL = 25
export const OP_RECURRENT = 26
