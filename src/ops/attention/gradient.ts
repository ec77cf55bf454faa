/**
 * The gradient of Attention. Scores are computed again, so that nothing of the size of a score is kept between the passes:
 * P = softmax(cap(q · kᵀ · scale) + bias), dP = dy · vᵀ, dS = P ⊙ (dP − Σ dP ⊙ P), dq = dS · k, dk = dSᵀ · q, dv = Pᵀ · dy
 * (Dao et al., arXiv 2205.14135v2, appendix B.2).
 */
import { attribute, type Dim } from '../../graph/model'
import { formulaFor } from '../elementwise'
import type { Formula } from '../formula'
import { shapeOf, sumTo, type GradientContext, type GraphWriter, type ValueName } from '../gradient'
import { MASK, PAST_KEY, PAST_VALUE, sizesOf, VALID_KEYS, type AttentionSchema } from './attention-sizes'

type Context = GradientContext<AttentionSchema>
type Maybe = ValueName | undefined

export function attentionGradient(context: Context): readonly Maybe[] {
  const pass = new Pass(context)
  const { needs } = context
  const { dQuery, dKey, dValue, dScores } = pass.run()
  const [key, pastKey] = pass.split(dKey, PAST_KEY)
  const [value, pastValue] = pass.split(dValue, PAST_VALUE)
  return [
    needs(0) ? pass.asGiven(dQuery, 0) : undefined,
    needs(1) ? pass.asGiven(key, 1) : undefined,
    needs(2) ? pass.asGiven(value, 2) : undefined,
    context.has(MASK) && needs(MASK) ? pass.maskGradient(dScores) : undefined,
    ...[pastKey, pastValue],
  ]
}

const LOWEST = -3.4e38

class Pass {
  readonly #context: Context
  readonly #write: GraphWriter
  readonly #f: Formula
  readonly #heads: number
  readonly #keyHeads: number
  /** [B, Hq, S, D], [B, Hk, T, D], [B, Hk, T, E] */
  readonly #q: ValueName
  readonly #k: ValueName
  readonly #v: ValueName

  constructor(context: Context) {
    this.#context = context
    this.#write = context.write
    this.#f = formulaFor(context, context.input(0))
    const shapes = Array.from({ length: 6 }, (_, i) =>
      context.has(i) ? shapeOf(context, context.input(i)) : undefined,
    )
    const sizes = sizesOf(context, shapes, context.has(PAST_KEY))
    const known = (heads: Dim | undefined): number =>
      typeof heads === 'number' ? heads : context.fail('the number of heads must be known to differentiate it')
    this.#heads = known(sizes?.heads)
    this.#keyHeads = known(sizes?.keyHeads)
    this.#q = this.#headed(context.input(0), this.#heads)
    this.#k = this.#withPast(this.#headed(context.input(1), this.#keyHeads), PAST_KEY)
    this.#v = this.#withPast(this.#headed(context.input(2), this.#keyHeads), PAST_VALUE)
  }

  /** [B, length, heads · size] as [B, heads, length, size]. */
  #headed(value: ValueName, heads: number): ValueName {
    if (shapeOf(this.#context, value).length === 4) return value
    const shaped = this.#write.add('Reshape', [value, this.#write.integers([0, 0, heads, -1])])
    return this.#write.add('Transpose', [shaped], [attribute.ints('perm', [0, 2, 1, 3])])
  }

  /** From [B, heads, length, size] to the axes of an input. */
  asGiven(gradient: ValueName, input: number): ValueName {
    const given = this.#context.input(input)
    if (shapeOf(this.#context, given).length === 4) return gradient
    const turned = this.#write.add('Transpose', [gradient], [attribute.ints('perm', [0, 2, 1, 3])])
    return this.#write.add('Reshape', [turned, this.#write.add('Shape', [given])])
  }

  #withPast(value: ValueName, past: number): ValueName {
    if (!this.#context.has(past)) return value
    return this.#write.add('Concat', [this.#context.input(past), value], [attribute.int('axis', 2)])
  }

  /** Of keys or values: what came in, and what is past. */
  split(gradient: ValueName, past: number): readonly [ValueName, Maybe] {
    if (!this.#context.has(past)) return [gradient, undefined]
    const length = this.#dim(this.#context.input(past), 2)
    const part = (from: ValueName, to: ValueName) =>
      this.#write.add('Slice', [gradient, from, to, this.#write.integers([2])])
    const [start, end] = [this.#write.integers([0]), this.#dim(gradient, 2)]
    return [part(length, end), part(start, length)]
  }

  /** A size as a list of one number. */
  #dim(value: ValueName, axis: number): ValueName {
    return this.#write.add('Shape', [value], [attribute.int('start', axis), attribute.int('end', axis + 1)])
  }

  #transposed(value: ValueName): ValueName {
    const rank = shapeOf(this.#context, value).length
    const perm = Array.from({ length: rank }, (_, axis) => axis)
    return this.#write.add('Transpose', [value], [attribute.ints('perm', [...perm.slice(0, -2), rank - 1, rank - 2])])
  }

  get #isShared(): boolean {
    return this.#heads !== this.#keyHeads
  }

  /** [B, Hq, …] as [B, Hk, Hq / Hk, …], so that heads of keys are repeated. */
  #grouped(value: ValueName): ValueName {
    if (!this.#isShared) return value
    const [ones, rest] = [this.#write.integers([this.#keyHeads, this.#heads / this.#keyHeads]), this.#tail(value, 2)]
    const shape = this.#write.add('Concat', [this.#dim(value, 0), ones, rest], [attribute.int('axis', 0)])
    return this.#write.add('Reshape', [value, shape])
  }

  #ungrouped(value: ValueName): ValueName {
    if (!this.#isShared) return value
    const parts = [this.#dim(value, 0), this.#write.integers([this.#heads]), this.#tail(value, 3)]
    return this.#write.add('Reshape', [value, this.#write.add('Concat', parts, [attribute.int('axis', 0)])])
  }

  #tail(value: ValueName, start: number): ValueName {
    return this.#write.add('Shape', [value], [attribute.int('start', start)])
  }

  #repeated(keys: ValueName): ValueName {
    return this.#isShared ? this.#write.add('Unsqueeze', [keys, this.#write.integers([2])]) : keys
  }

  /** Over the heads that share one. */
  #summed(gradient: ValueName): ValueName {
    if (!this.#isShared) return gradient
    return this.#write.add('ReduceSum', [gradient, this.#write.integers([2])], [attribute.int('keepdims', 0)])
  }

  run() {
    const f = this.#f
    const { softcap, scale: given } = this.#context.attributes
    const size = shapeOf(this.#context, this.#q)[3]
    if (typeof size !== 'number') return this.#context.fail('the head size must be known to differentiate it')
    const scale = given ?? 1 / Math.sqrt(size)
    const [q, k] = [this.#grouped(this.#q), this.#repeated(this.#k)]
    const v = this.#repeated(f.of('CastLike', this.#v, this.#q))
    const raw = this.#ungrouped(f.mul(f.of('MatMul', q, this.#transposed(k)), scale))
    const slope = softcap > 0 ? f.of('Tanh', f.div(raw, softcap)) : undefined
    const capped = slope ? f.mul(slope, softcap) : raw
    const p = this.#probabilities(capped)
    const dy = this.#context.gradient(0)
    const shown = this.#context.gradient(3)
    const mode = this.#context.attributes.qk_matmul_output_mode
    const grouped = dy && this.#grouped(this.#headed(dy, this.#heads))
    const dPs = [
      grouped && this.#ungrouped(f.of('MatMul', grouped, this.#transposed(v))),
      mode === 3 ? shown : undefined,
    ]
    const dP = this.#sum(dPs) ?? f.mul(p, 0)
    const along = this.#write.add('ReduceSum', [f.mul(dP, p), this.#write.integers([-1])])
    const soft = f.mul(p, f.sub(dP, along))
    const dScores = this.#sum([soft, mode === 2 ? shown : undefined])!
    const dCapped = this.#sum([dScores, mode === 1 ? shown : undefined])!
    const dCap = slope ? f.mul(dCapped, f.sub(1, f.square(slope))) : dCapped
    const dRaw = this.#grouped(f.mul(this.#sum([dCap, mode === 0 ? shown : undefined])!, scale))
    const dValue = grouped && this.#summed(f.of('MatMul', this.#transposed(this.#grouped(p)), grouped))
    const dKey = this.#summed(f.of('MatMul', this.#transposed(dRaw), q))
    const back = (value: ValueName) => f.of('CastLike', value, this.#v)
    return {
      dQuery: this.#ungrouped(f.of('MatMul', dRaw, k)),
      dKey: this.#sum([dKey, this.#context.gradient(1)])!,
      dValue: this.#sum([dValue && back(dValue), this.#context.gradient(2)]) ?? f.mul(this.#v, 0),
      dScores,
    }
  }

  #sum(parts: readonly Maybe[]): Maybe {
    const known = parts.filter((part) => part !== undefined)
    return known.length === 0 ? undefined : known.reduce((sum, part) => this.#write.add('Add', [sum, part]))
  }

  #probabilities(scores: ValueName): ValueName {
    const f = this.#f
    const bias = this.#sum([this.#rules(), this.#mask()])
    if (!bias) return f.of('Softmax', scores)
    const best = this.#write.add('ReduceMax', [bias, this.#write.integers([-1])])
    // a query that may look at nothing finds nothing
    return f.where(f.greater(best, LOWEST), f.of('Softmax', f.add(scores, bias)), 0)
  }

  /** The mask as what is added, filled up with −∞ to the length of the keys. */
  #mask(): Maybe {
    if (!this.#context.has(MASK)) return undefined
    const f = this.#f
    const mask = this.#context.input(MASK)
    const isBool = this.#write.type(mask).dtype === 'bool'
    const added = isBool ? f.where(mask, 0, -Infinity) : f.of('CastLike', mask, this.#q)
    const last = shapeOf(this.#context, mask).at(-1)
    if (last === shapeOf(this.#context, this.#k)[2]) return added
    const rest = this.#write.add('Sub', [
      this.#dim(this.#k, 2),
      this.#dim(added, shapeOf(this.#context, mask).length - 1),
    ])
    const pads = this.#write.add('Concat', [this.#write.integers([0]), rest], [attribute.int('axis', 0)])
    const axis = this.#write.integers([-1])
    return this.#write.add('Pad', [added, pads, this.#write.number(-Infinity, f.dtype), axis])
  }

  maskGradient(dScores: ValueName): Maybe {
    const mask = this.#context.input(MASK)
    const shape = shapeOf(this.#context, mask)
    const lists = [this.#write.integers([0]), this.#dim(mask, shape.length - 1), this.#write.integers([3])]
    const isWhole = shape.at(-1) === shapeOf(this.#context, this.#k)[2]
    const part = isWhole ? dScores : this.#write.add('Slice', [dScores, ...lists])
    return this.#f.of('CastLike', sumTo(this.#context, part, mask), mask)
  }

  /** What is_causal, windows and padding add: see attention-mask.ts. */
  #rules(): Maybe {
    const { is_causal: isCausal, left_window_size: left, right_window_size: right } = this.#context.attributes
    const write = this.#write
    const hasLengths = this.#context.has(VALID_KEYS)
    if (!isCausal && left < 0 && right < 0 && !hasLengths) return undefined
    const whole = (value: number) => write.number(value, 'int64')
    const scalar = (list: ValueName) => write.add('Squeeze', [list])
    const range = (count: ValueName) => write.add('Range', [whole(0), scalar(count), whole(1)])
    const [rows, keys] = [range(this.#dim(this.#q, 2)), range(this.#dim(this.#k, 2))]
    const column = write.add('Unsqueeze', [rows, write.integers([1])])
    const valid = hasLengths
      ? write.add('Reshape', [
          write.add('Cast', [this.#context.input(VALID_KEYS)], [attribute.int('to', 7)]),
          write.integers([-1, 1, 1, 1]),
        ])
      : undefined
    const before = valid
      ? write.add('Sub', [valid, this.#dim(this.#q, 2)])
      : this.#context.has(PAST_KEY)
        ? this.#dim(this.#context.input(PAST_KEY), 2)
        : whole(0)
    const place = write.add('Add', [column, before])
    const limits = [
      isCausal ? write.add('LessOrEqual', [keys, place]) : undefined,
      left >= 0 ? write.add('GreaterOrEqual', [keys, write.add('Sub', [place, whole(left)])]) : undefined,
      right >= 0 ? write.add('LessOrEqual', [keys, write.add('Add', [place, whole(right)])]) : undefined,
      valid ? write.add('Less', [keys, valid]) : undefined,
    ].filter((limit) => limit !== undefined)
    return this.#f.where(
      limits.reduce((all, limit) => write.add('And', [all, limit])),
      0,
      -Infinity,
    )
  }
}
