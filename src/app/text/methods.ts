import type { OptionSpec } from '../../core/options'
import type { MethodMetas } from '../../methods'
import type { MethodMeta } from '../../methods/method'
import { current } from './language.svelte'

/**
 * The words of methods and their options. English stands in each method's `meta.ts`, where the command line reads it
 * too; another language gives the same words in a table of this type, so that what is missing is a type error.
 */
export interface MethodTexts {
  readonly methods: { readonly [I in keyof MethodMetas]: MethodText<MethodMetas[I]> }
  readonly units: { readonly [U in UnitOf<OptionsIn<MethodMetas[keyof MethodMetas]>>]: string }
}

interface Words {
  readonly label: string
  readonly help: string
}

type MethodText<M extends { readonly options: object }> = Words & {
  readonly options: { readonly [O in keyof M['options']]: OptionText<M['options'][O]> }
}

type OptionText<S> = S extends { type: 'enum'; values: readonly (infer V extends string)[] }
  ? Words & { readonly values: { readonly [N in V]: string } }
  : Words

type OptionsIn<M extends { readonly options: object }> = M extends unknown ? M['options'][keyof M['options']] : never
type UnitOf<S> = S extends { readonly unit: infer U extends string } ? U : never

/** The table as it is looked into: by names that come from a schema. */
type AnyTexts = Readonly<Record<string, Words & { options: Readonly<Record<string, Words & { values?: Names }>> }>>
type Names = Readonly<Record<string, string>>

const textOf = (id: string) => (current.pack.methods?.methods as AnyTexts | undefined)?.[id]

export function methodText(meta: Pick<MethodMeta, 'id' | 'label' | 'help'>): Words {
  return textOf(meta.id) ?? meta
}

/** The option with its words in the page's language, and the names of its values. */
export function optionText(method: string, name: string, spec: OptionSpec): { spec: OptionSpec; valueNames: Names } {
  const words = textOf(method)?.options[name]
  if (!words) return { spec, valueNames: {} }
  return { spec: { ...spec, label: words.label, help: words.help }, valueNames: words.values ?? {} }
}

export const unitText = (unit: string): string => (current.pack.methods?.units as Names | undefined)?.[unit] ?? unit
