import type { GraphEditor, Value } from '../../graph/edit'
import { tensorFromBytes, type Body } from '../../graph/model'
import { allowFreeInitializers } from '../../graph/constants'
import { groupEqual } from './contents'
import {
  canReplace,
  constants,
  count,
  dropConstant,
  hasPlainBytes,
  recordChange,
  type ConstantEntry,
  type Tidy,
} from './rewrite'

/** Stores tensors with equal contents once; a copy of another shape is read through a Reshape. */
export async function shareEqual(tidy: Tidy): Promise<number> {
  const { editor, context, options } = tidy
  const entries = [...constants(editor)].filter(({ value, tensor }) => hasPlainBytes(tensor) && value.uses.size > 0)
  let shared = 0
  for (const group of await groupEqual(entries, context.signal)) {
    const kept: ConstantEntry[] = []
    for (const part of sameShape(group)) shared += shareOne(tidy, part, kept)
    const [first, ...others] = kept
    if (!first || first.tensor.data.sizeBytes < options.minBytes) continue
    for (const other of others) shared += readThroughReshape(tidy, first, other)
  }
  return shared
}

function sameShape(group: readonly ConstantEntry[]): ConstantEntry[][] {
  const parts = new Map<string, ConstantEntry[]>()
  for (const entry of group) {
    const key = entry.tensor.shape.join()
    const part = parts.get(key)
    if (part) part.push(entry)
    else parts.set(key, [entry])
  }
  return [...parts.values()]
}

/** Lets all readers of equal tensors read one of them; `kept` gets those that remain. */
function shareOne(tidy: Tidy, part: readonly ConstantEntry[], kept: ConstantEntry[]): number {
  const { editor } = tidy
  let shared = 0
  let left = [...part]
  while (left.length > 0) {
    const keeper = chooseKeeper(editor, left)
    if (!keeper) break
    kept.push(keeper)
    const rest: ConstantEntry[] = []
    for (const entry of left) {
      if (entry.value === keeper.value) continue
      if (!canReplace(editor, entry.value, keeper.value) || !canRead(editor, entry.value.body, keeper.value)) {
        rest.push(entry)
        continue
      }
      editor.replaceUses(entry.value, keeper.value)
      dropConstant(editor, entry.value)
      recordChange(tidy, entry.tensor, `${entry.tensor.dtype}/shared`, 0)
      count(tidy, 'equal tensors stored once')
      shared++
    }
    left = rest
  }
  return shared
}

/** The outermost initializer; where sibling sub-graphs hold all copies, one is added to the graph around them. */
function chooseKeeper(editor: GraphEditor, entries: readonly ConstantEntry[]): ConstantEntry | undefined {
  const byDepth = [...entries].sort((a, b) => depth(editor, a.value.body) - depth(editor, b.value.body))
  const [outermost, ...others] = byDepth
  if (!outermost || others.length === 0) return outermost
  const around = commonBody(
    editor,
    entries.map(({ value }) => value.body),
  )
  const isVisible = !outermost.value.producer && outermost.value.body === around
  if (isVisible || around?.kind !== 'graph' || editor.model.irVersion < 4) return outermost
  if (around === outermost.value.body) return outermost // Constant nodes that had to stay
  const value = editor.addInitializer(around, { ...outermost.tensor, name: outermost.value.name })
  return { value, tensor: outermost.tensor }
}

/** Whether a reader in `body` may read the value wherever it stands among the nodes. */
function canRead(editor: GraphEditor, body: Body, value: Value): boolean {
  for (let at: Body | null = body; at; at = editor.parentOf(at)) {
    // Constant nodes come in order: the first one of a body comes before the readers of all later ones.
    if (at === value.body) return value.producer === undefined || at === body
  }
  return false
}

function depth(editor: GraphEditor, body: Body): number {
  let steps = 0
  for (let at = editor.parentOf(body); at; at = editor.parentOf(at)) steps++
  return steps
}

function commonBody(editor: GraphEditor, all: readonly Body[]): Body | undefined {
  const chains = all.map((body) => {
    const chain: Body[] = []
    for (let at: Body | null = body; at; at = editor.parentOf(at)) chain.push(at)
    return chain
  })
  return chains[0]?.find((body) => chains.every((chain) => chain.includes(body)))
}

function readThroughReshape(tidy: Tidy, keeper: ConstantEntry, entry: ConstantEntry): number {
  const { editor } = tidy
  const { body } = entry.value
  const { shape } = entry.tensor
  // A zero would mean "as before", and functions hold no initializers.
  if (body.kind !== 'graph' || keeper.value.producer || !canRead(editor, body, keeper.value)) return 0
  if (editor.isOutput(entry.value) || shape.includes(0)) return 0
  if (allowFreeInitializers(editor)) count(tidy, 'lift to IR version 4')
  const sizes = new Uint8Array(BigInt64Array.from(shape, BigInt).buffer)
  const target = editor.addInitializer(
    body,
    tensorFromBytes(`${entry.value.name}_shape`, 'int64', [shape.length], sizes),
  )
  const reshape = editor.addNode(
    { opType: 'Reshape', inputs: [keeper.value, target], outputs: [`${entry.value.name}_reshaped`] },
    { startOf: body },
  )
  const view = editor.output(reshape, 0)
  if (!view) return 0
  editor.replaceUses(entry.value, view)
  dropConstant(editor, entry.value)
  recordChange(tidy, entry.tensor, `${entry.tensor.dtype}/shared`, 0)
  count(tidy, 'reshaped copies stored once')
  return 1
}
