import {
  bodies,
  type Attribute,
  type Graph,
  type LazyTensor,
  type Model,
  type SparseTensor,
  type TensorData,
} from '../../graph/model'
import { onnxCarried } from './carried'
import { ExternalData } from './external-data'
import { canStandOutside, type TensorPlace } from './write-tensor'

/** Weights start at multiples of this, so that runtimes can map the file into memory. */
const ALIGNMENT = 4096
/** Smaller tensors (shapes, scalars) stay in the model, where shape inference finds them. */
const SMALLEST_OUTSIDE_BYTES = 1024

export interface ExternalLayout {
  readonly place: TensorPlace
  /** What the data file holds, in order; gaps between are zero. */
  readonly parts: readonly { readonly offset: number; readonly data: TensorData }[]
  readonly sizeBytes: number
}

/** Assigns a place in the file `location` to every tensor that is large enough. Shared elements are stored once. */
export function layOut(model: Model, location: string): ExternalLayout {
  const places = new Map<TensorData | string, number>()
  const parts: { offset: number; data: TensorData }[] = []
  let end = 0
  for (const tensor of tensors(model)) {
    const { data } = tensor
    if (!isOutside(tensor) || places.has(keyOf(data))) continue
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT
    places.set(keyOf(data), offset)
    parts.push({ offset, data })
    end = offset + data.sizeBytes
  }
  const place: TensorPlace = (tensor) => {
    const offset = isOutside(tensor) ? places.get(keyOf(tensor.data)) : undefined
    return offset === undefined ? null : { location, offset }
  }
  return { place, parts, sizeBytes: end }
}

function isOutside(tensor: LazyTensor): boolean {
  return canStandOutside(tensor) && tensor.data.sizeBytes >= SMALLEST_OUTSIDE_BYTES
}

const keyOf = (data: TensorData) => (data instanceof ExternalData ? data.rangeKey : data)

/** Every tensor of the model: initializers and attributes of all bodies, functions' defaults and training graphs. */
export function* tensors(model: Model): Generator<LazyTensor> {
  yield* tensorsOfBodies(model)
  for (const { initialization, algorithm } of onnxCarried(model)?.training ?? []) {
    if (initialization) yield* tensorsOfBodies({ ...model, graph: initialization, functions: [] })
    if (algorithm) yield* tensorsOfBodies({ ...model, graph: algorithm, functions: [] })
  }
}

function* tensorsOfBodies(model: Model): Generator<LazyTensor> {
  for (const body of bodies(model)) {
    if (body.kind === 'graph') {
      yield* body.initializers.values()
      for (const sparse of body.sparseInitializers) yield* ofSparse(sparse)
    } else {
      for (const attribute of body.attributeDefaults.values()) yield* ofDefault(model, attribute)
    }
    for (const node of body.nodes) for (const attribute of node.attributes.values()) yield* ofAttribute(attribute)
  }
}

function* ofAttribute(attribute: Attribute): Generator<LazyTensor> {
  if (attribute.type === 'tensor') yield attribute.value
  else if (attribute.type === 'tensors') yield* attribute.value
  else if (attribute.type === 'sparseTensor') yield* ofSparse(attribute.value)
  else if (attribute.type === 'sparseTensors') for (const sparse of attribute.value) yield* ofSparse(sparse)
}

/** A function's default may be a graph, which `bodies` does not visit. */
function* ofDefault(model: Model, attribute: Attribute): Generator<LazyTensor> {
  const inner: readonly Graph[] =
    attribute.type === 'graph' ? [attribute.value] : attribute.type === 'graphs' ? attribute.value : []
  for (const graph of inner) yield* tensorsOfBodies({ ...model, graph, functions: [] })
  yield* ofAttribute(attribute)
}

function* ofSparse(sparse: SparseTensor): Generator<LazyTensor> {
  yield sparse.values
  yield sparse.indices
}
