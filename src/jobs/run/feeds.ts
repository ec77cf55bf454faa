import { UsageError } from '../../core/errors'
import { fromTensor, type HostArray } from '../../core/host-array'
import type { Note } from '../../core/progress'
import type { Tensor } from '../../core/tensor'
import type { Dim, Graph, ValueInfo } from '../../graph/model'

/** An array that somebody gave, with what may tell which input it is for. */
export interface GivenArray {
  /** Name inside the file; '' where it has none. */
  readonly name: string
  /** Name of the file without folder and ending, e.g. 'input_0'; '' for arrays of an archive. */
  readonly fileName: string
  readonly tensor: Tensor
}

/** Whole arrays for a graph's inputs. */
export interface Feeds {
  readonly feeds: ReadonlyMap<string, HostArray>
  readonly notes: readonly Note[]
}

/**
 * Decides which array belongs to which input: by its name, by its file's name, by `input_<i>` (ONNX's tests), or because
 * there is one of each. Then checks types and sizes, but not symbols: exporters give unrelated sizes the same one.
 * @throws UsageError naming the input, what it expects and what was found
 */
export function feedsFor(graph: Graph, given: readonly GivenArray[]): Feeds {
  const inputs = graph.inputs
  const feeds = new Map<string, HostArray>()
  const notes: Note[] = []
  for (const array of given) {
    const info = inputFor(graph, array, given.length)
    if (!info) {
      if (array.name !== 'labels') throw new UsageError(unknownInput(graph, array))
      notes.push({ severity: 'info', text: 'The array labels is not an input of the model and was not used.' })
      continue
    }
    if (feeds.has(info.name)) throw new UsageError(`The input ${info.name} was given twice. Give each input once.`)
    checkType(info, array.tensor)
    feeds.set(info.name, fromTensor(array.tensor))
  }
  const missing = inputs.filter(({ name }) => !feeds.has(name) && !graph.initializers.has(name))
  if (missing.length > 0) {
    throw new UsageError(
      `${missing.length === 1 ? 'An input has' : 'Inputs have'} no array: ${missing.map(describe).join(', ')}. Give it with --inputs.`,
    )
  }
  return { feeds, notes }
}

function inputFor(graph: Graph, { name, fileName }: GivenArray, count: number): ValueInfo | undefined {
  const { inputs, initializers } = graph
  const named = inputs.find((info) => info.name === name) ?? inputs.find((info) => info.name === fileName)
  if (named) return named
  const required = inputs.filter((info) => !initializers.has(info.name))
  const place = /^input_(\d{1,6})$/.exec(fileName)?.[1]
  if (place !== undefined) return inputs[Number(place)]
  return required.length === 1 && count === 1 ? required[0] : undefined
}

function unknownInput({ inputs }: Graph, { name, fileName }: GivenArray): string {
  const names = inputs.map((info) => info.name)
  const wanted = names.length === 0 ? 'the model has no inputs' : `the model's inputs are ${names.join(', ')}`
  return `The array ${name || fileName || '(without name)'} is for no input: ${wanted}. Name each array like its input.`
}

function describe({ name, type }: ValueInfo): string {
  if (type?.kind !== 'tensor') return name
  return `${name} (${type.dtype}${type.shape ? ` [${type.shape.map((dim) => dim ?? '?').join(', ')}]` : ''})`
}

function checkType(info: ValueInfo, tensor: Tensor): void {
  const { type } = info
  if (type?.kind === 'other')
    throw new UsageError(`The input ${info.name} is a ${type.label}; only tensors can be given.`)
  if (!type) return
  if (type.dtype !== tensor.dtype) {
    throw new UsageError(
      `The input ${info.name} takes ${type.dtype}, and the array given for it is ${tensor.dtype}. ` +
        `Convert it, e.g. with array.astype(numpy.${type.dtype}).`,
    )
  }
  const { shape } = type
  if (!shape) return
  const fits = shape.length === tensor.shape.length && shape.every((dim, i) => dimFits(dim, tensor.shape[i] as number))
  if (!fits) {
    throw new UsageError(`The input ${describe(info)} was given an array of shape [${tensor.shape.join(', ')}].`)
  }
}

const dimFits = (dim: Dim, size: number): boolean => typeof dim !== 'number' || dim === size
