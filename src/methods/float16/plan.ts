import { elementCount, storageBytes } from '../../core/dtypes'
import { namePatterns } from '../../core/name-patterns'
import type { OptionsOf } from '../../core/options'
import type { GraphEditor } from '../../graph/edit'
import { storedTensors, type StoredTensor } from '../../graph/weights'
import type { meta } from './meta'

export type Options = OptionsOf<typeof meta.options>

/** What is to happen with one constant of the model, told without reading it. */
export interface Plan {
  readonly stored: StoredTensor
  readonly action: 'shrink' | 'keep'
  readonly sizeBeforeBytes: number
  readonly sizeAfterBytes: number
  readonly why: string
}

export function planTensors(editor: GraphEditor, options: Options): Plan[] {
  const isExcluded = namePatterns(options.exclude)
  return [...storedTensors(editor)].map((stored): Plan => {
    const { tensor } = stored
    const before = storageBytes(tensor.dtype, elementCount(tensor.shape)) ?? tensor.data.sizeBytes
    const keep = (why: string): Plan => ({
      ...{ stored, action: 'keep', sizeBeforeBytes: before, sizeAfterBytes: before, why: `kept: ${why}` },
    })
    if (tensor.dtype !== 'float32') return keep(`${tensor.dtype} is left alone`)
    if (isExcluded(tensor.name)) return keep('excluded by name')
    if (options.scope === 'weights') {
      if (stored.isBodyOutput) return keep('it is an output of its graph')
      if (before < options.minBytes) return keep(`below ${options.minBytes} bytes`)
      if (before / 2 <= 60 + 4 * tensor.name.length) return keep('the added node would take more than is gained')
    }
    const readers = [...stored.roles.map((role) => role.opType), ...stored.otherReaders]
    const why = `read by ${[...new Set(readers)].sort().join(', ') || 'nothing'}`
    return { stored, action: 'shrink', sizeBeforeBytes: before, sizeAfterBytes: before / 2, why }
  })
}
