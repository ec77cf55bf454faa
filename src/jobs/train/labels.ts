/** Class numbers of samples that are no table. */
import { UsageError } from '../../core/errors'
import type { Samples } from '../../formats/format'

/** @throws UsageError where there are none, several a sample, or numbers below zero */
export function labelsOf({ name, labels }: Samples): Int32Array {
  if (!labels) {
    throw new UsageError(
      `${name} has no labels to learn: they are a file beside the pictures (idx), labels.csv, one folder per class, or an array "labels" (.npz).`,
    )
  }
  if (labels.shape.length > 0) {
    throw new UsageError(`${name}: one label a sample was expected, found ${labels.shape.join(' × ')}.`)
  }
  const bad = labels.values.findIndex((label) => label < 0)
  if (bad >= 0) {
    const number = bad + 1
    throw new UsageError(
      `${name}: sample ${number} has the label ${labels.values[bad]}; classes are counted from 0 on.`,
    )
  }
  return labels.values
}

/** More classes than this are taken for numbers that are no classes. */
const MOST_CLASSES = 10_000

/** Their names, or their numbers. @throws UsageError for one class only, or labels that are no classes */
export function classesOf(name: string, labels: Int32Array, names: readonly string[] | undefined): string[] {
  const last = labels.reduce((most, label) => Math.max(most, label), 0)
  if (last >= MOST_CLASSES) {
    throw new UsageError(`${name}: the label ${last} is above ${MOST_CLASSES - 1}; classes are counted from 0 on.`)
  }
  if (labels.every((label) => label === labels[0])) {
    throw new UsageError(
      `${name}: all samples are of one class (${names?.[labels[0] ?? 0] ?? labels[0]}); two are needed.`,
    )
  }
  return Array.from({ length: last + 1 }, (_, label) => names?.[label] ?? String(label))
}
