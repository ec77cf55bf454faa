import { formatBytes } from '../../core/format-text'
import { changeText } from '../report-summary'
import type { Report } from '../report'
import type { SensitivityReport } from '../sensitivity/report'
import type { Section } from './blocks'
import { chosenSections } from './chosen'
import { madeSections } from './made'
import { measuredSections } from './measured'

export interface ReportContent {
  readonly title: string
  /** The whole in one line. */
  readonly lead: string
  readonly sections: readonly Section[]
}

/** All that a report says, in the order in which a person needs it. */
export function contentOf(report: Report, sensitivity?: SensitivityReport): ReportContent {
  const { input, output, app } = report
  const change = output.isOriginal ? 'kept as it is' : changeText(input.sizeBytes, output.sizeBytes)
  return {
    title: output.name,
    lead: `${input.name}: ${formatBytes(input.sizeBytes)} → ${formatBytes(output.sizeBytes)} (${change}). Made and measured by Plume ${app}, on the device of its user.`,
    sections: [...measuredSections(report), ...chosenSections(report, sensitivity), ...madeSections(report)],
  }
}

/** The verdict's levels in words. */
export const LEVELS = {
  safe: 'Safe to use',
  check: 'Check these first',
  'not-recommended': 'Not recommended',
} as const
