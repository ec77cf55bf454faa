import type { ApplyAll, Guard, ShapeFunction } from '../tensor/shape-types'
import type { AnyTensor } from '../tensor/tensor'
import type { KnownDType } from '../../core/dtypes'
import type { ChainShape } from './layer-shapes'
import { Layer, type AnyLayer } from './module'

type ShapesOf<Ls extends readonly AnyLayer[]> = {
  readonly [I in keyof Ls]: Ls[I] extends { readonly shapes: infer F extends ShapeFunction } ? F : never
}
type TakenBy<Ls extends readonly AnyLayer[]> = Ls extends readonly [
  { readonly takes: infer D extends KnownDType },
  ...(readonly AnyLayer[]),
]
  ? D
  : 'float32'
/** Nothing where each layer takes what the one before gives. */
export type ChainGuard<Ls extends readonly AnyLayer[]> = Guard<
  ApplyAll<ShapesOf<Ls>, ChainShape<ShapesOf<Ls>>['takes']>
>

/** Layers one after the other; the compiler refuses those that do not fit. Parts are named '0', '1', … As torch.nn.Sequential. */
export class Sequential<const Ls extends readonly AnyLayer[]> extends Layer<ChainShape<ShapesOf<Ls>>, TakenBy<Ls>> {
  readonly layers: Ls

  constructor(...layers: Ls & ChainGuard<Ls>) {
    super()
    this.layers = layers
    // not under 'layers.0': state dicts are PyTorch's
    Object.defineProperty(this, 'layers', { enumerable: false })
    layers.forEach((layer, i) => this.parts.set(`${i}`, layer))
  }

  run(x: AnyTensor): AnyTensor {
    return this.layers.reduce((value, layer) => layer.run(value), x)
  }
}
