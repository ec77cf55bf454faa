/** Losses and optimizers write graphs; here what they write is recorded as operations of tensors. */
import type { HostArray } from '../../core/host-array'
import { hostArray } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import type { GraphWriter, ValueName } from '../../ops/gradient'
import type { TensorType } from '../../ops/op'
import { constant, recordMany, type Value } from '../tensor/value'

export class ValueWriter implements GraphWriter {
  readonly #values: Value[] = []
  readonly #names = new Map<Value, ValueName>()

  name(value: Value): ValueName {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    const name = `value ${this.#values.push(value) - 1}`
    this.#names.set(value, name)
    return name
  }

  value(name: ValueName): Value {
    const value = this.#values[Number(name.slice('value '.length))]
    if (value) return value
    throw new ShapeError(`There is no ${name} here.`)
  }

  add(...[opType, inputs, attributes, domain]: Parameters<GraphWriter['add']>): ValueName {
    return this.addMany(opType, inputs, 1, attributes, domain)[0] as ValueName
  }

  addMany(...[opType, inputs, outputs, attributes = [], domain = '']: Parameters<GraphWriter['addMany']>): ValueName[] {
    const values = inputs.map((name) => (name ? this.value(name) : undefined))
    return recordMany(opType, values, { attributes, outputs, domain }).map((value) => this.name(value))
  }

  constant(array: HostArray): ValueName {
    return this.name(constant(array))
  }
  number(value: number, dtype: KnownDType = 'float32'): ValueName {
    return this.constant(hostArray(dtype, [], [value]))
  }
  integers(values: readonly number[]): ValueName {
    return this.constant(hostArray('int64', [values.length], values))
  }
  type(name: ValueName): TensorType {
    return this.value(name).type
  }
  known(name: ValueName): HostArray | undefined {
    const { isConstant, array } = this.value(name)
    return isConstant ? array : undefined
  }
}
