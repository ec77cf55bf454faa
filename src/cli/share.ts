import { UsageError } from '../core/errors'
import type { Note } from '../core/progress'
import type { Report } from '../jobs/report'
import { encodeLink, type EncodedLink } from '../jobs/share/link'
import { canReproduce, sharedOf, type ShareChoices } from '../jobs/share/shared'
import type { Shared } from '../jobs/share/schema'
import { lacksRanges } from '../jobs/share/wire-ranges'
import { describeVerdict, verifyShared } from '../jobs/share/verify'
import { FlagError, type Flags, type ParsedArgs } from './args'

export const SHARE_FLAGS: Flags = {
  share: { type: 'switch', help: 'print a link that carries recipe and figures, never the model' },
  'share-with': {
    type: 'text',
    value: 'WHAT',
    help: 'what the link tells besides: name, layer-names, full (no limit of length)',
  },
}

const EXTRAS = ['name', 'layer-names', 'full'] as const

/** @throws FlagError; asked before the work starts */
export function choicesFromArgs(args: ParsedArgs): ShareChoices & { full: boolean } {
  const text = args.text('share-with')
  if (text !== undefined && !args.has('share')) throw new FlagError('--share-with goes with --share.')
  const extras = text === undefined ? [] : text.split(',').map((extra) => extra.trim())
  for (const extra of extras) {
    if (!(EXTRAS as readonly string[]).includes(extra)) {
      throw new FlagError(`--share-with takes ${EXTRAS.join(', ')}, separated by commas, not "${extra}".`)
    }
  }
  return {
    withName: extras.includes('name'),
    withLayerNames: extras.includes('layer-names'),
    full: extras.includes('full'),
  }
}

export interface SharedLink extends EncodedLink {
  readonly isReproducible: boolean
}

export async function shareReport(args: ParsedArgs, report: Report, device: string): Promise<SharedLink | null> {
  if (!args.has('share')) return null
  const { full, ...choices } = choicesFromArgs(args)
  const shared = sharedOf(report, { ...choices, device })
  const link = await encodeLink(shared, { full })
  return { ...link, isReproducible: canReproduce(shared) && !link.dropped.includes('ranges') }
}

/** What the link leaves out. */
export function shareNotes(link: SharedLink | null): Note[] {
  if (!link) return []
  const notes: Note[] = []
  const { keptLayers, totalLayers, dropped, fits, text, isReproducible } = link
  if (keptLayers < totalLayers) {
    const which = keptLayers === 0 ? 'no layer' : `the ${keptLayers} layers of the greatest effect`
    notes.push({
      severity: 'info',
      text: `The share link keeps ${which}, of ${totalLayers}; --share-with full keeps all.`,
    })
  }
  if (dropped.length > 0) notes.push({ severity: 'info', text: `The share link leaves out: ${dropped.join(', ')}.` })
  if (!fits)
    notes.push({ severity: 'warning', text: `The share link has ${text.length} characters; chats may cut it.` })
  if (!isReproducible) notes.push({ severity: 'warning', text: WITHHELD })
  return notes
}

/**
 * Ranges that a link leaves out are chosen anew, which takes data; asked before the work starts.
 * @throws UsageError
 */
export function requireRanges(shared: Shared | undefined, hasData: boolean): void {
  if (!shared || hasData || !lacksRanges(shared)) return
  throw new UsageError(
    '--recipe: the link leaves out the ranges of inner values, since these have the names of layers. Give the data that they were ' +
      'chosen on with --calibrate, or ask for the recipe as a file or for a link with layer names.',
  )
}

const WITHHELD =
  'The share link leaves out options that may name layers, so the result cannot be made again from it. Add --share-with layer-names to tell them.'

const CHOSEN_ANEW =
  'The link leaves out ranges and options that may name layers: ranges were chosen on the data given here, options are at their defaults.'

/** After a job by a link: whether input and result are those that were shared. */
export function verdictNotes(shared: Shared | undefined, report: Report): Note[] {
  if (!shared) return []
  const verdict = verifyShared(shared, report)
  const notes: Note[] = [
    { severity: verdict.kind === 'other-bytes' ? 'warning' : 'info', text: describeVerdict(verdict) },
  ]
  if (verdict.kind !== 'other-bytes' && !canReproduce(shared)) {
    notes.push({
      severity: 'warning',
      text: lacksRanges(shared)
        ? CHOSEN_ANEW
        : 'The link leaves out options that may name layers; their defaults were used.',
    })
  }
  return notes
}
