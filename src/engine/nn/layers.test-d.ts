import { describe, expectTypeOf, it } from 'vitest'
import type { Shape, Tensor } from '../tensor'
import * as nn from './index'

declare const rows: Tensor<['batch', 30]>
declare const wide: Tensor<[8, 31]>
declare const open: Tensor<[number, 30]>
declare const unknown: Tensor
declare const pictures: Tensor<['batch', 3, 32, 32]>
declare const tokens: Tensor<['batch', 16], 'int64'>

describe('layers', () => {
  it('say what they give, and refuse what they do not take', () => {
    const layer = new nn.Linear(30, 64)
    expectTypeOf(layer.forward(rows)).toEqualTypeOf<Tensor<['batch', 64]>>()
    expectTypeOf(layer.forward(open)).toEqualTypeOf<Tensor<[number, 64]>>()
    expectTypeOf(layer.forward({} as Tensor<[2, 5, 30]>)).toEqualTypeOf<Tensor<[2, 5, 64]>>()
    layer.forward(unknown)
    // @ts-expect-error the layer takes 30 features, and the input has 31
    layer.forward(wide)
    // @ts-expect-error it takes floats
    layer.forward({} as Tensor<[2, 30], 'int64'>)
    expectTypeOf(layer.forward(rows)).not.toBeAny()
  })

  it('follow channels through convolutions and pools', () => {
    const conv = new nn.Conv2d(3, 8, 3)
    expectTypeOf(conv.forward(pictures)).toEqualTypeOf<Tensor<['batch', 8, number, number]>>()
    expectTypeOf(new nn.Conv2d(3, 8, 3, { padding: 'same' }).forward(pictures)).toEqualTypeOf<
      Tensor<['batch', 8, 32, 32]>
    >()
    expectTypeOf(nn.adaptiveAveragePool2d(1).forward(pictures)).toEqualTypeOf<Tensor<['batch', 3, 1, 1]>>()
    expectTypeOf(nn.relu().forward(pictures)).toEqualTypeOf<typeof pictures>()
    // @ts-expect-error the layer takes 3 channels, and the input has 4
    conv.forward({} as Tensor<[1, 4, 32, 32]>)
    // @ts-expect-error the layer takes [batch, channels] and 2 spatial sizes
    conv.forward({} as Tensor<[1, 3, 32]>)
    // @ts-expect-error the layer takes 4 channels, and the input has 3
    new nn.BatchNorm(4).forward(pictures)
    conv.forward(unknown)
  })

  it('stand in a row only where they fit', () => {
    const net = new nn.Sequential(new nn.Linear(30, 64), nn.relu(), new nn.Dropout(0.1), new nn.Linear(64, 2))
    expectTypeOf(net.forward(rows)).toEqualTypeOf<Tensor<['batch', 2]>>()
    // @ts-expect-error the layer takes 30 features, and the input has 31
    net.forward(wide)
    // @ts-expect-error the layer takes 32 features, and the input has 64
    new nn.Sequential(new nn.Linear(30, 64), nn.relu(), new nn.Linear(32, 2))
    // @ts-expect-error the layer takes 16 channels, and the input has 8
    new nn.Sequential(new nn.Conv2d(3, 8, 3), nn.relu(), new nn.Conv2d(16, 8, 3))
    const pooled = new nn.Sequential(
      ...([
        new nn.Conv2d(3, 8, 3),
        nn.maxPool2d(2),
        nn.adaptiveAveragePool2d(1),
        new nn.Flatten(),
        new nn.Linear(8, 10),
      ] as const),
    )
    expectTypeOf(pooled.forward(pictures)).toEqualTypeOf<Tensor<['batch', 10]>>()
    const nested = new nn.Sequential(net, new nn.Linear(2, 1))
    expectTypeOf(nested.forward(rows)).toEqualTypeOf<Tensor<['batch', 1]>>()
    // @ts-expect-error the layer takes 3 features, and the input has 2
    new nn.Sequential(net, new nn.Linear(3, 1))
  })

  it('take numbers of classes where they look things up', () => {
    const net = new nn.Sequential(new nn.Embedding(50, 8), new nn.Lstm(8, 12), new nn.Linear(12, 50))
    expectTypeOf(net.forward(tokens)).toExtend<Tensor<Shape>>()
    expectTypeOf(new nn.Embedding(50, 8).forward(tokens)).toEqualTypeOf<Tensor<['batch', 16, 8]>>()
    // @ts-expect-error it takes int64
    net.forward(rows)
  })
})
