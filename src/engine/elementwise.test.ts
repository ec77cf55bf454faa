import { describe, expect, it } from 'vitest'
import { numbersOf } from '../core/host-array'
import { findOperator } from '../ops'
import { testMachines } from '../testing/machines'
import { feedsOfCase, f32, modelOfCase } from '../testing/operator-cases'

/** Operators of one float, and the ends of what they are asked. */
const SWEEPS: Readonly<Record<string, readonly [number, number]>> = {
  Acos: [-1, 1],
  Acosh: [1, 50],
  Asin: [-1, 1],
  Asinh: [-50, 50],
  Atan: [-50, 50],
  Atanh: [-0.999, 0.999],
  Celu: [-12, 12],
  Cos: [-30, 30],
  Cosh: [-20, 20],
  Elu: [-12, 12],
  Erf: [-5, 5],
  Exp: [-80, 80],
  Gelu: [-12, 12],
  HardSigmoid: [-5, 5],
  HardSwish: [-5, 5],
  Log: [1e-3, 100],
  Mish: [-25, 25],
  Selu: [-12, 12],
  Sigmoid: [-30, 30],
  Sin: [-30, 30],
  Sinh: [-20, 20],
  Softplus: [-30, 30],
  Softsign: [-30, 30],
  Sqrt: [0, 100],
  Swish: [-30, 30],
  Tan: [-1.5, 1.5],
  Tanh: [-12, 12],
}
const COUNT = 4001

describe.each(Object.entries(SWEEPS))('%s from %j', (operator, [from, to]) => {
  it('is the same on every machine, over the whole range and close to its middle', async () => {
    const far = Array.from({ length: COUNT }, (_, i) => from + ((to - from) * i) / (COUNT - 1))
    const near = Array.from({ length: 61 }, (_, i) => 2 ** (i / 2 - 30)).filter((x) => x >= from && x <= to)
    const one = { name: 'sweep', operator, inputs: [f32([COUNT + near.length], [...far, ...near].map(Math.fround))] }
    const [reference, ...others] = testMachines()
    const { tolerance } = findOperator('', operator)!
    const wanted = numbersOf((await reference!.run(modelOfCase(one), feedsOfCase(one))).get('y0')!)
    for (const machine of others) {
      const found = numbersOf((await machine.run(modelOfCase(one), feedsOfCase(one))).get('y0')!)
      const worst = { machine: machine.name, x: NaN, excess: 0 }
      wanted.forEach((value, i) => {
        const excess = Math.abs(found[i]! - value) / (tolerance.absolute + tolerance.relative * Math.abs(value))
        const size = Number.isNaN(excess) ? Infinity : excess
        if (size > worst.excess) Object.assign(worst, { x: one.inputs[0]!.values[i], excess: size })
      })
      expect(worst).toSatisfy(({ excess }: typeof worst) => excess <= 1)
    }
  })
})
