export * from './activation'
export { MultiHeadAttention, type Attended, type AttentionOptions } from './attention'
export {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvOptions,
  type ConvTransposeOptions,
  type PerAxis,
} from './convolution'
export { Dropout } from './dropout'
export { Embedding } from './embedding'
export { toModel, toOnnx } from './export'
export { filled } from './init'
export { fromModel, fromOnnx, GraphModule } from './import'
export type * from './layer-shapes'
export { Bilinear, Linear, type BiasOptions } from './linear'
export { lossOf } from './loss'
export { Layer, Module, type AnyLayer } from './module'
export {
  BatchNorm,
  GroupNorm,
  InstanceNorm,
  LayerNorm,
  RmsNorm,
  type BatchNormOptions,
  type NormalizationOptions,
} from './normalization'
export { ModuleOptimizer, type TrainOptions } from './optimizer'
export { Parameter } from './parameter'
export * from './pooling'
export { Gru, Lstm, Rnn, type RecurrentOptions, type RecurrentState, type RnnOptions } from './recurrent'
export { Sequential, type ChainGuard } from './sequential'
