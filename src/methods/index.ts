import type { OptionsOf } from '../core/options'
import { meta as dynamicInt8 } from './dynamic-int8/meta'
import { meta as float16 } from './float16/meta'
import type { Method, MethodMeta } from './method'
import { meta as staticInt8 } from './static-int8/meta'
import { meta as tidy } from './tidy/meta'
import { meta as weightsInt8 } from './weights-int8/meta'

/** The registry: one line per method, in the order in which they are offered. The code is loaded when it is used. */
const METHODS = {
  tidy: { meta: tidy, load: async () => (await import('./tidy/tidy')).method },
  'weights-int8': { meta: weightsInt8, load: async () => (await import('./weights-int8/weights-int8')).method },
  'static-int8': { meta: staticInt8, load: async () => (await import('./static-int8/static-int8')).method },
  'dynamic-int8': { meta: dynamicInt8, load: async () => (await import('./dynamic-int8/dynamic-int8')).method },
  float16: { meta: float16, load: async () => (await import('./float16/float16')).method },
} as const

export type MethodId = keyof typeof METHODS

/** The metas as they are written, with every option and value as a type: translations are checked against it. */
export type MethodMetas = { readonly [I in MethodId]: (typeof METHODS)[I]['meta'] }

/** The resolved options of one method. */
export type MethodOptions<I extends MethodId = MethodId> = OptionsOf<(typeof METHODS)[I]['meta']['options']>

export const methodIds = Object.keys(METHODS) as readonly MethodId[]

export const methodMetas: readonly MethodMeta[] = methodIds.map((id) => METHODS[id].meta)

export function isMethodId(id: string): id is MethodId {
  return Object.hasOwn(METHODS, id)
}

export async function loadMethod(id: MethodId): Promise<Method> {
  return METHODS[id].load()
}
