import type { CalibrationSource, Range, RangeChoice, RangeWish } from '../../engine/observers/calibration-source'
import { GraphEditor } from '../../graph/edit'
import { inferDTypes } from '../../graph/infer-dtypes'
import { cloneModel, type Model } from '../../graph/model'

type Found = Range & { readonly clipped?: number }

/** What a source was asked last, so that the same values can be looked at again. */
export interface RememberedCalibration extends CalibrationSource {
  /** The graph and the values of the widest request. */
  readonly asked: { readonly model: Model; readonly values: readonly string[] } | undefined
}

/**
 * A source that is asked once for each value, type and choice, and looks at all values of the graph at the first question:
 * versions with other layers in float want other values, and each look runs all samples.
 * Versions of one model may be lifted to different opsets, but their values hold the same.
 */
export function rememberedCalibration(source: CalibrationSource): RememberedCalibration {
  const known = new Map<string, Found>()
  let asked: RememberedCalibration['asked']
  return {
    samples: source.samples,
    get machine() {
      return source.machine
    },
    isStored: source.isStored,
    get asked() {
      return asked
    },
    async ranges(model: Model, wishes: readonly RangeWish[], choice: RangeChoice) {
      if (!asked || wishes.length > asked.values.length) asked = { model, values: wishes.map(({ value }) => value) }
      const keyOf = ({ value, type }: RangeWish) => JSON.stringify([choice, type, value])
      const missing = wishes.filter((wish) => !known.has(keyOf(wish)))
      if (missing.length > 0) {
        if (known.size === 0) await source.statistics?.(model, floatValues(model))
        const found = await source.ranges(model, missing, choice)
        for (const wish of missing) {
          const range = found.get(wish.value)
          if (range) known.set(keyOf(wish), range)
        }
      }
      const ranges = new Map<string, Found>()
      for (const wish of wishes) {
        const range = known.get(keyOf(wish))
        if (range) ranges.set(wish.value, range)
      }
      return ranges
    },
  }
}

/** float32 inputs and node outputs of the main graph: what may become integers. */
function floatValues(model: Model): string[] {
  const editor = new GraphEditor(cloneModel(model))
  const dtypes = inferDTypes(editor)
  const names: string[] = []
  for (const [value, dtype] of dtypes) {
    const isComputed = value.producer ? value.producer.opType !== 'Constant' : value.isInput
    if (dtype === 'float32' && isComputed && value.body === editor.model.graph && !editor.constant(value)) {
      names.push(value.name)
    }
  }
  return names
}
