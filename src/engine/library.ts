/**
 * The library in one import: tensors, layers, losses, optimizers, training. `docs/library.md` shows how they go together.
 */
export * from './tensor'
export * as nn from './nn'
export * as losses from './losses'
export * as optim from './optim'
export { train } from './train/train'
export type { EpochResult, Trained, TrainerOptions, TrainingData, TrainingProgress } from './train/trainer'
export type { Batch, Dataset, FieldType } from './data/dataset'
export { augmented, type Augmentation } from './data/augment'
export { arrayDataset } from './data/from-samples'
export { DataLoader, type LoaderOptions } from './data/loader'
export { createWasmMachine } from '../backends/wasm/machine'
export { openEngine } from './session'
export type { Machine } from '../backends/machine'
