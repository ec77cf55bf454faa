import { throwIfAborted } from '../../core/errors'
import { GraphEditor } from '../../graph/edit'
import { cloneModel, type Model } from '../../graph/model'
import { unlistWeights } from '../../graph/weights'
import type { Decision, Method, MethodContext, MethodResult } from '../method'
import { constantsToInitializers } from './constants-to-initializers'
import { removeUnused } from './dead-code'
import { foldBatchNorm } from './fold-batch-norm'
import { foldConstants } from './fold-constants'
import { meta } from './meta'
import { narrowConstants } from './narrow'
import { removeNoOps } from './no-ops'
import { constants, isStandard, type Rewrite, type Tidy, type TidyOptions } from './rewrite'
import { shareEqual } from './share-equal'
import { shareTransposed } from './share-transposed'
import { stripDocs } from './strip-docs'

/** Each round can open the way for another rewrite; real models settle in two or three. */
const MAX_ROUNDS = 8

/** In order: what goes away need not be compared, and equal tensors need be narrowed once. */
function rewritesFor(options: TidyOptions): Rewrite[] {
  const narrows = options.narrowMasks || options.narrowFloat16 || options.narrowIntegers
  const choices: readonly (readonly [boolean, Rewrite])[] = [
    [options.stripDocs, stripDocs],
    [options.removeNoOps, removeNoOps],
    [options.foldConstants, foldConstants],
    [options.foldBatchNorm, foldBatchNorm],
    [options.removeUnused, removeUnused],
    [options.shareEqual, constantsToInitializers],
    [options.shareEqual, shareEqual],
    [options.shareTransposed, shareTransposed],
    [narrows, narrowConstants],
  ]
  return choices.filter(([isOn]) => isOn).map(([, rewrite]) => rewrite)
}

async function run(context: MethodContext, model: Model, options: TidyOptions): Promise<MethodResult> {
  const result = cloneModel(model)
  const tidy: Tidy = {
    editor: new GraphEditor(result),
    context,
    options,
    changes: new Map(),
    counts: new Map(),
    seen: new WeakMap(),
  }
  // As constants, weights take part in more of the runtime's own fusions: equal to 1e-5, like BatchNorm folding.
  if (options.claimWeights && options.foldBatchNorm) {
    const unlisted = unlistWeights(tidy.editor)
    if (unlisted) context.note({ severity: 'info', text: unlisted })
  }
  const rewrites = rewritesFor(options)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changes = 0
    for (const rewrite of rewrites) {
      throwIfAborted(context.signal)
      changes += await rewrite(tidy)
    }
    context.progress({ stage: 'tidy', done: round + 1, total: 0, unit: 'items' })
    if (changes === 0) break
  }
  for (const [what, howMany] of tidy.counts) context.note({ severity: 'info', text: sentence(what, howMany) })
  if (tidy.counts.size === 0)
    context.note({ severity: 'info', text: 'Tidy found nothing to remove or to store smaller.' })
  return { model: result, tensors: [...tidy.changes.values()] }
}

function sentence(what: string, howMany: number): string {
  if (what === 'lift to IR version 4') {
    return 'The file was raised to IR version 4, in which weights need not be listed as inputs.'
  }
  return `${howMany} ${howMany === 1 ? singular(what) : what}.`
}

function singular(what: string): string {
  return what.replace(/\b(node|tensor|mask|function|shape|byte|string)s\b/, '$1').replace('copies', 'copy')
}

/** What can be told from the graph alone; whether tensors are equal or fit a narrower type, their values decide. */
function predict(model: Model, options: TidyOptions): Decision[] {
  const editor = new GraphEditor(model)
  return [...constants(editor)].map(({ value, tensor }) => {
    const { name, dtype, shape } = tensor
    const sizeBeforeBytes = tensor.data.sizeBytes
    const gone = (why: string): Decision => ({
      ...{ tensor: name, dtype, shape, sizeBeforeBytes, why },
      ...{ action: 'shrink', sizeAfterBytes: 0 },
    })
    if (options.removeUnused && value.uses.size === 0) return gone('nothing reads it')
    const readers = [...value.uses].map((use) => (use.kind === 'input' ? use : undefined))
    const isNorm = readers.every((use) => use && use.index > 0 && isStandard(use.node, 'BatchNormalization'))
    const isFolded = readers.every((use) => {
      const before = use && editor.input(use.node, 0)?.producer
      return before && ['Conv', 'ConvTranspose', 'Gemm'].includes(before.opType)
    })
    if (options.foldBatchNorm && isNorm && isFolded) return gone('BatchNorm, folded into the weights before it')
    const why = 'kept, unless its values are equal to another tensor or fit a narrower type exactly'
    return { tensor: name, dtype, shape, action: 'keep', sizeBeforeBytes, sizeAfterBytes: sizeBeforeBytes, why }
  })
}

export const method: Method<typeof meta.options> = { meta, run, predict }
