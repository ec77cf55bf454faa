import { UsageError, throwIfAborted } from '../../core/errors'
import type { Note } from '../../core/progress'
import { GraphEditor } from '../edit'
import type { Body, FunctionDef, Model, Node } from '../model'
import { LiftBlocked, LiftContext } from './lift-context'
import { entryFor } from './registry'
import { IR_OF_OPSET, LAST_OPSET } from './schema-table'

export interface LiftOptions {
  signal?: AbortSignal
  /** Lift also what onnxruntime would then refuse: for our own engine, which runs a copy that nobody else sees. */
  isForEngine?: boolean
}

export interface BlockedNode {
  readonly node: string
  readonly opType: string
  /** The opset that could not be reached because of it. */
  readonly opset: number
  readonly why: string
}

export interface LiftResult {
  /** Opset of the main graph before, and after. */
  readonly from: number
  readonly reached: number
  readonly target: number
  /** Empty when `target` was reached. */
  readonly blockedBy: readonly BlockedNode[]
  readonly notes: readonly Note[]
}

const FIRST_OPSET = 7

/**
 * Lifts the ai.onnx opset of the main graph, its sub-graphs and all functions to `target`, one version at a time, and
 * raises the IR version to what that opset needs. Other domains stay as they are.
 *
 * Edits in place, through the editor where one is given, so that `editor.undo` takes the lift back. With a bare Model
 * no other editor of that model may be used afterwards: it would not know of the changes. Where a node cannot be
 * lifted, the model stays at the last version that all nodes reached. A model at `target` or above is left alone.
 *
 * @throws UsageError for a target outside 7 … 25; AbortError
 */
export async function liftOpset(
  on: GraphEditor | Model,
  target: number,
  options: LiftOptions = {},
): Promise<LiftResult> {
  if (!(Number.isInteger(target) && target >= FIRST_OPSET && target <= LAST_OPSET)) {
    throw new UsageError(`The opset can be lifted to ${FIRST_OPSET} … ${LAST_OPSET}, not to ${target}.`)
  }
  const editor = on instanceof GraphEditor ? on : new GraphEditor(on)
  const { model } = editor
  const from = versionOf(model)
  const scopes = [model, ...model.functions].filter((scope) => versionOf(scope) > 0)
  const lowest = Math.min(...scopes.map(versionOf))
  const before = { ir: model.irVersion, inputs: model.graph.inputs.length }
  const lift = new LiftContext(editor)
  const done = new Rewrites()
  const blockedBy: BlockedNode[] = []
  if (lowest < FIRST_OPSET) blockedBy.push(...tooOld(scopes))
  for (let to = lowest + 1; to <= target && blockedBy.length === 0; to++) {
    throwIfAborted(options.signal)
    const below = scopes.filter((scope) => versionOf(scope) === to - 1)
    if (below.length > 0) blockedBy.push(...(await liftOne(lift, below, to, done, options)))
  }
  const result = { from, reached: versionOf(model), target, blockedBy }
  return { ...result, notes: notesOf(result, done, before, model) }
}

type Scope = Model | FunctionDef

/** One version, for the given scopes, wholly or not at all. */
async function liftOne(
  lift: LiftContext,
  scopes: readonly Scope[],
  to: number,
  done: Rewrites,
  { isForEngine }: LiftOptions,
): Promise<BlockedNode[]> {
  const { editor } = lift
  const checkpoint = editor.checkpoint()
  const blocked: BlockedNode[] = []
  const step = new Rewrites()
  const roots = new Set<Body>(scopes.map((scope) => ('graph' in scope ? scope.graph : scope)))
  if (scopes.includes(editor.model)) raiseIr(editor, to)
  for (const scope of scopes) editor.setOpset(domainKey(scope), to, scope)
  for (const node of [...editor.nodes()]) {
    if (!isStandard(node.domain) || !roots.has(rootOf(editor, node))) continue
    const entry = entryFor(node.opType, to)
    if (!entry || 'compatible' in entry) continue
    const { name, opType } = node
    const block = (why: string) => blocked.push({ node: name || node.outputs[0] || opType, opType, opset: to, why })
    if ('blocked' in entry) {
      if (isForEngine && entry.isRuntimeOnly) continue
      block(entry.blocked)
      continue
    }
    try {
      const words = await entry.adapt(lift, node)
      if (words) step.add(opType, words, name || node.outputs[0] || opType)
    } catch (error) {
      if (!(error instanceof LiftBlocked)) throw error
      block(error.message)
    }
  }
  if (blocked.length > 0) editor.undo(checkpoint)
  else done.addAll(step)
  return blocked
}

function raiseIr(editor: GraphEditor, opset: number): void {
  const needed = IR_OF_OPSET[opset] ?? 3
  const before = editor.model.irVersion
  if (needed <= before) return
  editor.setIrVersion(needed)
  // from IR 4 on, an initializer among the inputs is a default that callers may override
  if (before < 4) editor.unlistInitializerInputs(editor.model.graph)
}

function tooOld(scopes: readonly Scope[]): BlockedNode[] {
  return scopes
    .filter((scope) => versionOf(scope) < FIRST_OPSET)
    .map((scope) => {
      const body = 'graph' in scope ? scope.graph : scope
      const why = `opset ${versionOf(scope)} is older than ${FIRST_OPSET}, which brought broadcasting as it is today`
      return { node: body.name, opType: 'graph' in scope ? 'graph' : 'function', opset: FIRST_OPSET, why }
    })
}

const isStandard = (domain: string) => domain === '' || domain === 'ai.onnx'

function domainKey(scope: Scope): string {
  return scope.opsets.has('') ? '' : 'ai.onnx'
}

/** 0 where ai.onnx is not imported. */
function versionOf(scope: Scope): number {
  return scope.opsets.get(domainKey(scope)) ?? 0
}

function rootOf(editor: GraphEditor, node: Node): Body {
  let body = editor.bodyOf(node)
  for (let parent = editor.parentOf(body); parent; parent = editor.parentOf(body)) body = parent
  return body
}

/** What was done to which nodes, by operator and kind of rewriting. */
class Rewrites {
  readonly groups = new Map<string, { opType: string; words: string; nodes: string[] }>()

  add(opType: string, words: string, ...nodes: string[]): void {
    const key = `${opType}\n${words}`
    const group = this.groups.get(key) ?? { opType, words, nodes: [] }
    group.nodes.push(...nodes)
    this.groups.set(key, group)
  }

  addAll(other: Rewrites): void {
    for (const { opType, words, nodes } of other.groups.values()) this.add(opType, words, ...nodes)
  }
}

function notesOf(
  result: Omit<LiftResult, 'notes'>,
  done: Rewrites,
  before: { ir: number; inputs: number },
  model: Model,
): Note[] {
  const { from, reached, target, blockedBy } = result
  const notes: Note[] = []
  const step = `opset ${from} → ${reached}`
  if (reached > from) {
    const ir = model.irVersion > before.ir ? `, IR version ${before.ir} → ${model.irVersion}` : ''
    const gone = before.inputs - model.graph.inputs.length
    const inputs = gone > 0 ? `; weights no longer listed among the inputs: ${gone}` : ''
    notes.push({ severity: 'info', text: step + ir + inputs })
  }
  for (const { opType, words, nodes } of done.groups.values()) {
    const [first = ''] = nodes
    const which = nodes.length > 1 ? `${nodes.length} × ${opType} (such as ${first})` : `${opType} ${first}`
    notes.push({ severity: 'info', node: first, text: `${step}: ${which}: ${words}` })
  }
  const [first] = blockedBy
  if (first) {
    const more = blockedBy.length > 1 ? ` (and ${blockedBy.length - 1} more)` : ''
    notes.push({
      severity: 'warning',
      node: first.node,
      text: `The opset stays ${reached} instead of ${target}: ${first.opType} ${first.node}${more} cannot be lifted to ${first.opset}: ${first.why}`,
    })
  }
  return notes
}
