import type { ByteSource, FileSet } from '../../core/bytes'
import { FormatError } from '../../core/errors'
import type { Graph, Model } from '../../graph/model'
import { describeBytes } from '../describe'
import { carry, type CarriedTraining, type Raw } from './carried'
import type { ReadContext } from './context'
import { Cursor, drive, type Step } from './cursor'
import { attachExternals } from './external-data'
import { checkOrder } from './check-order'
import { looksLikeOnnx } from './match'
import { EntryReader, OpsetReader } from './read-entries'
import { readFunction, readGraph } from './read-graph'
import { MODEL, TRAINING } from './schema'
import { sortNodes } from './sort-nodes'

/**
 * Reads an ONNX file. Tensors stay where they are.
 * @throws FormatError naming file, byte and node or tensor
 */
export async function readModel(files: FileSet, signal?: AbortSignal): Promise<Model> {
  const { main } = files
  await checkHead(main)
  const context: ReadContext = { cursor: new Cursor(main), externals: [], offsets: new Map(), depth: 0 }
  const model = await drive(walkModel(context, files), signal)
  for (const body of [model.graph, ...model.functions]) sortNodes(body)
  checkOrder(model, main.name, context.offsets)
  await attachExternals(context, files)
  return model
}

async function checkHead(main: ByteSource): Promise<void> {
  const head = await main.read(0, Math.min(4096, main.sizeBytes))
  if (looksLikeOnnx(head)) return
  throw new FormatError(`this is not an ONNX model: ${describeBytes(head)}`, {
    file: main.name,
    offset: 0,
    hint: 'Choose a file that was exported as ONNX (.onnx).',
  })
}

function* walkModel(context: ReadContext, files: FileSet): Step<Model> {
  const { cursor } = context
  const end = files.main.sizeBytes
  const model: Omit<Model, 'graph'> & { graph?: Graph } = {
    source: files,
    edits: 0,
    irVersion: 0,
    producerName: '',
    producerVersion: '',
    domain: '',
    modelVersion: 0n,
    docString: '',
    opsets: new Map(),
    metadata: new Map(),
    functions: [],
  }
  const explicit: number[] = []
  const unknown: Raw[] = []
  const training: CarriedTraining[] = []
  const metadata = new EntryReader(MODEL.metadata)
  const opsets = new OpsetReader(MODEL.opsetImport)
  const text = function* (): Step<string> {
    const { field } = cursor
    const value = yield* cursor.text()
    if (value === '') explicit.push(field)
    return value
  }
  while (yield* cursor.next(end)) {
    cursor.what = 'the model'
    switch (cursor.field) {
      case MODEL.irVersion:
        model.irVersion = irVersion(cursor)
        if (model.irVersion === 0) explicit.push(MODEL.irVersion)
        break
      case MODEL.producerName:
        model.producerName = yield* text()
        break
      case MODEL.producerVersion:
        model.producerVersion = yield* text()
        break
      case MODEL.domain:
        model.domain = yield* text()
        break
      case MODEL.modelVersion:
        cursor.expect(0)
        model.modelVersion = cursor.int64()
        if (model.modelVersion === 0n) explicit.push(MODEL.modelVersion)
        break
      case MODEL.docString:
        model.docString = yield* text()
        break
      case MODEL.graph:
        if (model.graph) cursor.fail('gives its graph twice')
        model.graph = yield* readGraph(context)
        break
      case MODEL.opsetImport:
        yield* opsets.read(cursor)
        break
      case MODEL.metadata:
        yield* metadata.read(cursor)
        break
      case MODEL.trainingInfo:
        training.push(yield* readTraining(context))
        break
      case MODEL.functions:
        model.functions.push(yield* readFunction(context))
        break
      default:
        unknown.push(yield* cursor.unknown())
    }
  }
  cursor.what = 'the model'
  const { graph } = model
  if (!graph) return cursor.fail('expected a graph, found none', end)
  const verbatim = new Map([...(metadata.verbatim() ?? []), ...(opsets.verbatim() ?? [])])
  const isExternal = context.externals.length > 0
  return {
    ...model,
    graph,
    opsets: opsets.opsets,
    metadata: metadata.map() ?? new Map(),
    carried: carry({ explicit, unknown, training, verbatim, isExternal }) ?? { format: 'onnx' },
  }
}

function irVersion(cursor: Cursor): number {
  const version = cursor.safeInt()
  if (version < 0 || version > 0x7fffffff) cursor.fail(`expected an IR version, found ${version}`)
  return version
}

function* readTraining(context: ReadContext): Step<CarriedTraining> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const graphs: { initialization?: Graph; algorithm?: Graph } = {}
  const unknown: Raw[] = []
  while (yield* cursor.next(end)) {
    cursor.what = 'training information'
    if (cursor.field === TRAINING.initialization && !graphs.initialization) {
      graphs.initialization = yield* readGraph(context)
    } else if (cursor.field === TRAINING.algorithm && !graphs.algorithm) {
      graphs.algorithm = yield* readGraph(context)
    } else if (cursor.field === TRAINING.initialization || cursor.field === TRAINING.algorithm) {
      cursor.fail(`gives field ${cursor.field} twice`)
    } else {
      unknown.push(yield* cursor.unknown())
    }
  }
  return { ...graphs, unknown }
}
