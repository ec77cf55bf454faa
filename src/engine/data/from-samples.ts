import { ShapeError } from '../../core/errors'
import { fromTensor, type HostArray } from '../../core/host-array'
import { elementCount, isKnownDType } from '../../core/dtypes'
import type { Labels, Picture, Samples } from '../../formats/format'
import type { Dataset, FieldType } from './dataset'

/** Arrays [count, …] in memory by field, e.g. of an .npz. @throws ShapeError where they differ in count */
export function arrayDataset(arrays: ReadonlyMap<string, HostArray>): Dataset {
  const counts = [...arrays].map(([name, { shape }]) => ({ name, count: shape[0] ?? 0 }))
  const length = counts[0]?.count ?? 0
  const other = counts.find(({ count }) => count !== length)
  if (other) {
    throw new ShapeError(`${other.name} holds ${other.count} samples, but ${counts[0]?.name ?? ''} holds ${length}.`)
  }
  const fields = new Map([...arrays].map(([name, { dtype, shape }]) => [name, { dtype, shape: shape.slice(1) }]))
  return {
    ...{ length, fields },
    read(indices, into) {
      for (const [name, { values, shape }] of arrays) {
        const room = into.get(name)
        if (!room) continue
        const size = elementCount(shape.slice(1))
        for (let i = 0; i < indices.length; i++) {
          const at = (indices[i] as number) * size
          room.values.set(values.subarray(at, at + size) as never, i * size)
        }
      }
    },
  }
}

/**
 * What `openSamples` read: arrays by their names ('features' where they have none), pictures as `features` [channels, height,
 * width] from 0 to 1, labels as `target` int64. Pictures are decoded when they are read.
 * @throws ShapeError for pictures of different sizes, and for tables, which need an encoder
 */
export async function samplesDataset(samples: Samples): Promise<Dataset> {
  if (samples.kind === 'table') {
    throw new ShapeError(`${samples.name} is a table: fitEncoder says how its rows become numbers.`)
  }
  if (samples.kind === 'pictures') return pictureDataset(samples)
  const arrays = new Map<string, HostArray>()
  for (const [name, tensor] of samples.arrays) {
    if (tensor.shape.length > 0 && isKnownDType(tensor.dtype)) arrays.set(name || 'features', fromTensor(tensor))
  }
  if (samples.labels) arrays.set('target', labelArray(samples.labels, samples.count))
  const all = arrayDataset(arrays)
  const { rows } = samples
  if (!rows) return all
  return {
    ...{ length: rows.length, fields: all.fields },
    read: (indices, into) =>
      all.read(
        Array.from(indices, (index) => rows[index] as number),
        into,
      ),
  }
}

const labelArray = ({ shape, values }: Labels, count: number): HostArray => ({
  ...{ dtype: 'int64', shape: [count, ...shape], values: BigInt64Array.from(values, BigInt) },
})

async function pictureDataset(samples: Extract<Samples, { kind: 'pictures' }>): Promise<Dataset> {
  const first = await samples.read(0)
  const { width, height, channels } = first
  const fields = new Map<string, FieldType>([['features', { dtype: 'float32', shape: [channels, height, width] }]])
  const { labels } = samples
  if (labels) fields.set('target', { dtype: 'int64', shape: labels.shape })
  const each = elementCount(labels?.shape ?? [])
  return {
    ...{ length: samples.count, fields },
    async read(indices, into) {
      const features = into.get('features')?.values as Float32Array | undefined
      const target = into.get('target')?.values
      const size = channels * height * width
      await Promise.all(
        Array.from(indices, async (index, i) => {
          if (features) pixelsInto(await samples.read(index), first, features.subarray(i * size, (i + 1) * size))
          for (let k = 0; labels && target && k < each; k++) {
            target[i * each + k] = BigInt(labels.values[index * each + k] as number)
          }
        }),
      )
    },
  }
}

/** [height, width, channels] in bytes → [channels, height, width] from 0 to 1. */
function pixelsInto({ pixels, ...found }: Picture, { width, height, channels }: Picture, into: Float32Array): void {
  if (found.width !== width || found.height !== height || found.channels !== channels) {
    throw new ShapeError(
      `A picture is ${found.width} × ${found.height} pixels of ${found.channels} channels, but the first ${width} × ${height} of ${channels}. Bring them to one size.`,
    )
  }
  const area = width * height
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < area; i++) into[c * area + i] = (pixels[i * channels + c] as number) / 255
  }
}
