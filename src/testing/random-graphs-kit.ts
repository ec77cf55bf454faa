/** Random small models for property-based tests: shared, tied, transposed, exactly narrow constants; sub-graphs; every opset. Not part of the product. */
import { Random } from '../core/random'
import { float16ToNumber, numberToFloat16, type Tensor } from '../core/tensor'
import type { LazyTensor, Model, Node } from '../graph/model'
import { bool, buildGraph, buildModel, f32, i64, node, tensorOf, type TypeLike } from './build-model'

/** A float32 value of the graph and its shape. */
interface Known {
  readonly name: string
  readonly shape: readonly number[]
}

interface Constant extends Known {
  readonly values: readonly number[]
}

export interface RandomModel {
  readonly model: Model
  readonly feeds: ReadonlyMap<string, Tensor>
}

const countOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)
const MAX_ELEMENTS = 4000

/** The same seed gives the same model. */
export function randomModel(seed: number): RandomModel {
  return new Builder(seed).build()
}

class Builder {
  readonly #random: Random
  readonly #opset: number
  readonly #irVersion: number
  readonly #nodes: Node[] = []
  readonly #values: Known[] = []
  readonly #constants: Constant[] = []
  readonly #initializers: Record<string, Omit<LazyTensor, 'name'>> = {}
  readonly #inputs: Record<string, TypeLike> = {}
  readonly #feeds = new Map<string, Tensor>()
  #names = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#opset = 7 + this.#below(15)
    this.#irVersion = this.#opset <= 8 || (this.#opset < 13 && this.#chance(0.4)) ? 3 : 10
  }

  build(): RandomModel {
    for (const shape of [
      [3, 8],
      [1, 4, 6, 5],
      [2, 5, 8],
    ].slice(0, 1 + this.#below(3)))
      this.#addInput(shape)
    const steps = 5 + this.#below(11)
    for (let step = 0; step < steps; step++) this.#addStep()
    const outputs: Record<string, TypeLike> = {}
    const made = this.#values.filter(({ name }) => !Object.hasOwn(this.#inputs, name))
    if (made.length === 0) made.push(this.#emit('Relu', [this.#values[0] as Known], (this.#values[0] as Known).shape))
    outputs[(made.at(-1) as Known).name] = ['float32']
    for (let more = this.#below(3); more > 0; more--) outputs[this.#pick(made).name] = ['float32']
    const { length } = this.#nodes
    // Some files keep the names of what they compute, some nodes have none.
    for (let unnamed = 0; unnamed < length; unnamed += 1 + this.#below(4)) (this.#nodes[unnamed] as Node).name = ''
    return { model: this.#model(outputs), feeds: this.#feeds }
  }

  #model(outputs: Record<string, TypeLike>): Model {
    const listed = this.#irVersion < 4 ? Object.entries(this.#initializers) : []
    const weights = Object.fromEntries(listed.map(([name, { dtype, shape }]) => [name, [dtype, shape]] as const))
    return buildModel({
      ...{ opset: this.#opset, irVersion: this.#irVersion, outputs, nodes: this.#nodes },
      ...{ inputs: { ...this.#inputs, ...weights }, initializers: this.#initializers },
    })
  }

  #addStep(): void {
    const steps = [
      ...[this.#matMul, this.#gemm, this.#conv, this.#conv, this.#norm, this.#arithmetic, this.#arithmetic],
      ...[this.#transpose, this.#reshape, this.#concat, this.#slice, this.#gather, this.#noOp, this.#noOp],
      ...[this.#mask, this.#branches, this.#computedConstant, this.#unary, this.#dynamicReshape, this.#pair],
    ]
    this.#pick(steps).call(this, this.#pick(this.#values))
  }

  #matMul(x: Known): void {
    const width = this.#pick([5, 8, 9, 16])
    const weight = this.#constant([x.shape.at(-1) as number, width])
    this.#emit('MatMul', [x, weight], [...x.shape.slice(0, -1), width])
  }

  #gemm(x: Known): void {
    if (x.shape.length !== 2) return this.#matMul(x)
    const [rows = 1, inner = 1] = x.shape
    const width = this.#pick([5, 8, 9, 16])
    const transB = this.#below(2)
    const weight = this.#constant(transB ? [width, inner] : [inner, width])
    const bias = this.#opset < 11 || this.#chance(0.7) ? [this.#constant(this.#pick([[width], [1, width]]))] : []
    const factors = this.#chance(0.3) ? { alpha: { float: 0.5 }, beta: { float: 0.25 } } : {}
    const made = this.#emit('Gemm', [x, weight, ...bias], [rows, width], { transB, ...factors })
    if (this.#chance(0.5)) this.#norm(made)
  }

  #conv(x: Known): void {
    if (x.shape.length !== 4) return this.#arithmetic(x)
    const [batch = 1, channels = 1, height = 1, width = 1] = x.shape
    const size = Math.min(height, width) >= 3 ? this.#pick([1, 3]) : 1
    const groups = channels % 2 === 0 && this.#chance(0.3) ? 2 : 1
    const isTransposed = this.#chance(0.25)
    const filters = 2 * (1 + this.#below(4))
    const weight = this.#constant(
      isTransposed ? [channels, filters / groups, size, size] : [filters, channels / groups, size, size],
    )
    const bias = this.#chance(0.5) ? [this.#constant([filters])] : []
    const grows = isTransposed ? size - 1 : 1 - size
    const made = this.#emit(
      isTransposed ? 'ConvTranspose' : 'Conv',
      [x, weight, ...bias],
      [batch, filters, height + grows, width + grows],
      { group: groups, kernel_shape: [size, size] },
    )
    if (this.#chance(0.6)) this.#norm(made)
  }

  #norm(x: Known): void {
    const channels = x.shape[1]
    if (channels === undefined) return
    const scale = this.#constant([channels])
    const shift = this.#constant([channels])
    const mean = this.#constant([channels])
    const variance = this.#store(
      [channels],
      Array.from({ length: channels }, () => Math.fround(0.25 + this.#random.uniform())),
    )
    this.#emit('BatchNormalization', [x, scale, shift, mean, variance], x.shape, { epsilon: { float: 1e-3 } })
  }

  #arithmetic(x: Known): void {
    const last = x.shape.at(-1) ?? 1
    const shape = this.#pick([[], [1], [last], x.shape, x.shape])
    const operator = this.#pick(['Add', 'Mul', 'Sub'])
    const constant = this.#constant(shape)
    this.#emit(operator, this.#chance(0.5) ? [x, constant] : [constant, x], x.shape)
  }

  #pair(x: Known): void {
    const other = this.#pick(this.#values.filter(({ shape }) => shape.join() === x.shape.join()))
    this.#emit(this.#pick(['Add', 'Mul', 'Max']), [x, other], x.shape)
  }

  #unary(x: Known): void {
    this.#emit(this.#pick(['Relu', 'Tanh', 'Sigmoid', 'Abs', 'Neg']), [x], x.shape)
  }

  #transpose(x: Known): void {
    const axes = this.#random.shuffle([...x.shape.keys()])
    const turned = axes.map((axis) => x.shape[axis] as number)
    const made = this.#emit('Transpose', [x], turned, { perm: axes })
    if (this.#chance(0.4)) {
      this.#emit('Transpose', [made], x.shape, { perm: axes.map((_, axis) => axes.indexOf(axis)) })
    }
  }

  #reshape(x: Known): void {
    const [first = 1, ...others] = x.shape
    const target = this.#pick([x.shape, [first, countOf(others)], [countOf(x.shape)], [1, ...x.shape]])
    if (target.length === 0 || target.length > 4) return
    const sizes = this.#chance(0.5) ? target : target.map((size, axis) => (axis === 0 ? -1 : size))
    this.#emit('Reshape', [x, this.#storeInts(sizes)], target)
  }

  #dynamicReshape(x: Known): void {
    const shape = this.#emitPlain('Shape', [x.name])
    const first = this.#emitPlain('Gather', [shape, this.#storeInts([0]).name], { axis: 0 })
    const target = this.#emitPlain('Concat', [first, this.#storeInts([-1]).name], { axis: 0 })
    const [rows = 1, ...others] = x.shape
    this.#emit('Reshape', [x, { name: target, shape: [2] }], [rows, countOf(others)])
  }

  #concat(x: Known): void {
    if (countOf(x.shape) > MAX_ELEMENTS / 2 || x.shape.length === 0) return
    const axis = this.#below(x.shape.length)
    const other = this.#chance(0.5) ? this.#constant(x.shape) : x
    const parts = this.#chance(0.2) ? [x] : [x, other]
    const shape = x.shape.map((size, at) => (at === axis ? size * parts.length : size))
    this.#emit('Concat', parts, shape, { axis })
  }

  #slice(x: Known): void {
    // Not the first axis: where its size is open, onnxruntime takes a slice of it to be as long as the whole.
    const axis = 1 + this.#below(Math.max(1, x.shape.length - 1))
    const size = x.shape[axis] ?? 0
    if (size < 2) return
    const shape = x.shape.map((length, at) => (at === axis ? length - 1 : length))
    if (this.#opset < 10) this.#emit('Slice', [x], shape, { starts: [1], ends: [size], axes: [axis] })
    else this.#emit('Slice', [x, ...[[1], [size], [axis]].map((ints) => this.#storeInts(ints))], shape)
  }

  #gather(): void {
    const table = this.#constant([this.#pick([12, 16]), this.#pick([5, 8])])
    if (!Object.hasOwn(this.#inputs, 'ids')) {
      this.#inputs['ids'] = ['int64', [2, 3]]
      this.#feeds.set('ids', tensorOf('int64', [2, 3], [7, 0, 11, 3, 3, 9]))
    }
    this.#emit('Gather', [table, { name: 'ids', shape: [2, 3] }], [2, 3, table.shape[1] as number], { axis: 0 })
  }

  #noOp(x: Known): void {
    const made = this.#emit(this.#pick(['Identity', 'Dropout', 'Cast', 'Concat']), [x], x.shape)
    const last = this.#nodes.at(-1) as Node
    const attributes: Record<string, number> =
      last.opType === 'Cast' ? { to: 1 } : last.opType === 'Concat' ? { axis: 0 } : {}
    this.#nodes[this.#nodes.length - 1] = node(last.opType, x.name, made.name, attributes)
  }

  /** Attention's mask, or a choice by a constant of true and false; Where came with opset 9. */
  #mask(x: Known): void {
    const [rows, columns] = x.shape.slice(-2)
    if (rows === undefined || columns === undefined) return
    const isBelow = Array.from({ length: rows * columns }, (_, i) => i % columns <= Math.floor(i / columns))
    const far = this.#pick([-1e4, -1e9, -2])
    if (this.#opset < 9 || this.#chance(0.6)) {
      const values = isBelow.map((below) => Math.fround(below ? 0 : far))
      const sum = this.#emit('Add', [x, this.#store([rows, columns], values)], x.shape)
      this.#emit('Softmax', [sum], x.shape, { axis: x.shape.length - 1 })
      return
    }
    const name = this.#name('m')
    this.#initializers[name] = bool([rows, columns], isBelow.map(Number))
    this.#emit('Where', [{ name, shape: [] }, x, this.#constant([])], x.shape)
  }

  /** If with captured values and weights, and weights of its own. */
  #branches(x: Known): void {
    const shared = this.#constant([x.shape.at(-1) ?? 1])
    const own = this.#drawn([x.shape.at(-1) ?? 1])
    const condition = this.#name('yes')
    if (this.#chance(0.5)) {
      this.#inputs[condition] = ['bool', []]
      this.#feeds.set(condition, tensorOf('bool', [], [this.#below(2)]))
    } else this.#initializers[condition] = bool([], [this.#below(2)])
    const [made, a, b] = [this.#name('if'), this.#name('then'), this.#name('else')]
    const inner = this.#name('own')
    const thenBranch = buildGraph({
      ...{ name: a, outputs: { [a]: ['float32'] } },
      nodes: [node('Mul', `${x.name} ${shared.name}`, `${a}_0`), node('Identity', `${a}_0`, a)],
    })
    // Up to IR 3 a sub-graph, which has no inputs here, can have no initializers.
    const isFree = this.#irVersion >= 4
    const weight = f32([own.length], own)
    const elseBranch = buildGraph({
      ...{ name: b, outputs: { [b]: ['float32'] }, initializers: isFree ? { [inner]: weight } : {} },
      nodes: [
        ...(isFree ? [] : [node('Constant', '', inner, { value: { tensor: { ...weight, name: '' } } })]),
        ...[node('Add', `${x.name} ${inner}`, `${b}_0`), node('Sub', `${b}_0 ${shared.name}`, b)],
      ],
    })
    this.#nodes.push(node('If', condition, made, { then_branch: thenBranch, else_branch: elseBranch }))
    this.#values.push({ name: made, shape: x.shape })
  }

  /** Something that depends on constants only. */
  #computedConstant(x: Known): void {
    const width = x.shape.at(-1) ?? 1
    const [a, b] = [this.#constant([width]), this.#constant([width])]
    const sum = this.#emitPlain(this.#pick(['Add', 'Mul', 'Sub']), [a.name, b.name])
    const table = this.#constant([this.#pick([8, 9]), width])
    const turned = this.#emitPlain('Transpose', [table.name], { perm: [1, 0] })
    if (this.#chance(0.5)) this.#emit('Add', [x, { name: sum, shape: [width] }], x.shape)
    else this.#emit('MatMul', [x, { name: turned, shape: [] }], [...x.shape.slice(0, -1), table.shape[0] as number])
  }

  /** A constant of some kind, new or one that a node reads already; as initializer or as Constant node. */
  #constant(shape: readonly number[]): Constant {
    const same = this.#constants.filter((one) => one.shape.join() === shape.join())
    const equal = this.#constants.filter((one) => countOf(one.shape) === countOf(shape))
    const turned = this.#constants.filter(
      (one) => one.shape.length === 2 && one.shape.toReversed().join() === shape.join(),
    )
    if (same.length > 0 && this.#chance(0.2)) return this.#pick(same)
    if (turned.length > 0 && this.#chance(0.5)) return this.#store(shape, transposed(this.#pick(turned)))
    if (equal.length > 0 && this.#chance(0.3)) return this.#store(shape, this.#pick(equal).values)
    return this.#store(shape, this.#drawn(shape))
  }

  #drawn(shape: readonly number[]): number[] {
    const kind = this.#below(7)
    const same = Math.fround(this.#random.normal())
    return Array.from({ length: countOf(shape) }, () => {
      const value = this.#random.normal() * 0.3
      if (kind === 0) return float16ToNumber(numberToFloat16(value))
      if (kind === 1) return this.#below(7) - 3
      if (kind === 2) return this.#below(2) === 0 ? -0.0 : 0.1
      if (kind === 3) return same
      return Math.fround(value)
    })
  }

  #store(shape: readonly number[], values: readonly number[]): Constant {
    const constant = { name: this.#name('w'), shape, values }
    const tensor = f32(shape, values)
    if (this.#chance(0.2))
      this.#nodes.push(node('Constant', '', constant.name, { value: { tensor: { ...tensor, name: '' } } }))
    else this.#initializers[constant.name] = tensor
    this.#constants.push(constant)
    return constant
  }

  #storeInts(values: readonly number[]): Known {
    const name = this.#name('i')
    this.#initializers[name] = i64([values.length], values)
    return { name, shape: [values.length] }
  }

  #emitPlain(opType: string, inputs: readonly string[], attributes = {}): string {
    const made = this.#name('p')
    this.#nodes.push(node(opType, inputs.join(' '), made, attributes))
    return made
  }

  #emit(opType: string, inputs: readonly Known[], shape: readonly number[], attributes = {}): Known {
    const made = { name: this.#name('v'), shape }
    const names = inputs.map(({ name }) => name).join(' ')
    this.#nodes.push(node(opType, names, made.name, attributes))
    if (countOf(shape) <= MAX_ELEMENTS) this.#values.push(made)
    return made
  }

  #addInput(shape: readonly number[]): void {
    const name = this.#name('x')
    this.#inputs[name] = [
      'float32',
      this.#chance(0.5) ? shape : shape.map((size, axis) => (axis === 0 ? `${name}_size` : size)),
    ]
    const values = Array.from({ length: countOf(shape) }, () => this.#random.normal())
    this.#feeds.set(name, tensorOf('float32', shape, values))
    this.#values.push({ name, shape })
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`
  }

  #below(limit: number): number {
    return this.#random.below(limit)
  }

  #chance(share: number): boolean {
    return this.#random.uniform() < share
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T
  }
}

function transposed({ shape, values }: Constant): number[] {
  const [rows = 1, columns = 1] = shape
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number)
}
