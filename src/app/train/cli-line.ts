import { quoteWord } from '../../jobs/recipe-forms/shell-words'
import type { TrainSettings } from '../../jobs/train/request'

/** The command that trains the same model, for a POSIX shell; what is chosen for people is left out. */
export function trainCliLine(settings: TrainSettings, dataName: string, output: string): string {
  const { seed, target, task, roles = {}, layers, augment, balanced, seeds } = settings
  const flags: [string, string | number | undefined][] = [
    ['target', target],
    ['task', task],
    ...Object.entries(roles).map(([column, role]): [string, string] => ['role', `${column}=${role}`]),
    ['scaling', settings.scaling],
    ['layers', layers && (layers.length === 0 ? 0 : layers.join(','))],
    ['epochs', settings.epochs],
    ['batch-size', settings.batchSize],
    ['lr', settings.rate],
    ['optimizer', settings.optimizer],
    ['augment', augment?.join(',')],
    ['test-share', settings.testShare],
    ['validation-share', settings.validationShare],
    ['seeds', seeds],
    ['seed', seed === 0 ? undefined : seed],
  ]
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : flagWords(`--${flag}`, String(value))))
  // of several files, the first; the command finds what belongs to it beside it
  const [data = dataName] = dataName.split(' + ')
  const words = ['npx', 'plume', 'train', path(data), '-o', path(output), ...given]
  return [...words, ...(balanced ? ['--balanced'] : [])].map(quoteWord).join(' ')
}

/** What begins with a dash would be read as a flag. */
const path = (name: string) => (name.startsWith('-') ? `./${name}` : name)
const flagWords = (flag: string, value: string) => (value.startsWith('-') ? [`${flag}=${value}`] : [flag, value])
