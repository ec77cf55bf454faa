import type { Options } from '../options'
import { generic } from './generic'
import { mobile } from './mobile'
import { ortCpu } from './ort-cpu'
import { ortWeb } from './ort-web'
import type { Target } from './target'
import { tensorrt } from './tensorrt'
import { webgpu } from './webgpu'

export const TARGETS: Readonly<Record<Options['target'], Target>> = {
  generic,
  'ort-cpu': ortCpu,
  'ort-web': ortWeb,
  webgpu,
  tensorrt,
  mobile,
}
