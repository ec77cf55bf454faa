/**
 * How rows of a table become the numbers that a network takes: plain JSON, fitted on training rows. It is applied here,
 * as ONNX nodes in front of a model (preprocessing.ts), and by exported JavaScript, alike to the last bit.
 */

/** One row is encoded as: the numbers, a 1 for each number that is missing (where `marksMissing`), then the categories. */
export interface TableEncoding {
  readonly version: 1
  readonly target: string
  readonly task: 'classification' | 'regression'
  readonly classes?: readonly string[]
  /** Columns of numbers, in the order of the input `features` [batch, features.length]; missing ones are NaN. */
  readonly features: readonly string[]
  readonly numbers: readonly NumberEncoding[]
  readonly categories: readonly CategoryEncoding[]
  /** Regression: prediction = output · deviation + mean. */
  readonly scale?: { readonly mean: number; readonly deviation: number }
}

/** (x − shift) · scale in float32; `fill` where that is no finite number. */
export interface NumberEncoding {
  /** Number of the feature. */
  readonly feature: number
  readonly shift: number
  readonly scale: number
  readonly fill: number
  readonly marksMissing: boolean
}

/** One 1 among zeros for the category of a row. */
export interface CategoryEncoding {
  readonly column: string
  /** Texts, which an input of their own takes. */
  readonly texts?: readonly string[]
  /** Its name where the column's was taken. */
  readonly input?: string
  /** Or numbers, of this feature. */
  readonly feature?: number
  readonly values?: readonly number[]
  /** One more place for what is none of them: missing, rare or unknown. */
  readonly hasOther: boolean
}

export const encodedWidth = ({ numbers, categories }: TableEncoding): number =>
  numbers.reduce((sum, one) => sum + (one.marksMissing ? 2 : 1), 0) +
  categories.reduce((sum, one) => sum + (one.texts ?? one.values ?? []).length + (one.hasOther ? 1 : 0), 0)
