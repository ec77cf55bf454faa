/** Pictures → inputs of a model. */
export { applyPreprocess, preprocessedSize } from './apply'
export {
  formatPreprocess,
  parsePreprocess,
  presetSpec,
  PRESET_NAMES,
  PRESETS,
  type PreprocessSpec,
  type PresetName,
} from './spec'
export { candidatePresets, deriveTarget, inputShape, type PictureTarget } from './target'
