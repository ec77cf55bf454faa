import { makeSentences } from '../../engine/match'
import { autodiff } from './autodiff'
import { calibration } from './calibration'
import { data } from './data'
import { deploy } from './deploy'
import { elements } from './elements'
import { files } from './files'
import { gpu } from './gpu'
import { graph } from './graph'
import { jobs } from './jobs'
import { layers } from './layers'
import { losses } from './losses'
import { machines } from './machines'
import { methods } from './methods'
import { movement } from './movement'
import { operators } from './operators'
import { plan } from './plan'
import { run } from './run'
import { search } from './search'
import { sequences } from './sequences'
import { share } from './share'
import { spatial } from './spatial'
import { states } from './states'
import { store } from './store'
import { training } from './training'
import { tables } from './tables'
import { verdict } from './verdict'
import { weights } from './weights'

/** Every sentence of the engine, in French. */
export const table = {
  ...autodiff,
  ...files,
  ...data,
  ...deploy,
  ...calibration,
  ...elements,
  ...gpu,
  ...graph,
  ...layers,
  ...losses,
  ...machines,
  ...methods,
  ...jobs,
  ...movement,
  ...operators,
  ...plan,
  ...run,
  ...search,
  ...sequences,
  ...share,
  ...spatial,
  ...states,
  ...store,
  ...training,
  ...tables,
  ...verdict,
  ...weights,
}

const UNITS: Readonly<Record<string, string>> = {
  ...{ B: 'o', kB: 'ko', MB: 'Mo', GB: 'Go', TB: 'To', '%': '%' },
  ...{ ms: 'ms', s: 's', min: 'min', dB: 'dB' },
}

/** "73.3 kB" → "73,3 ko"; what the engine wrote in English, with as many digits. */
export function frenchNumber(text: string): string | null {
  const [, sign, whole, decimals, unit] =
    /^([+−-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(?: ?([A-Za-z%]+))?$/.exec(text) ?? []
  if (whole === undefined) return null
  const suffix = unit === undefined ? '' : UNITS[unit]
  if (suffix === undefined) return null
  const grouped = BigInt(whole.replaceAll(',', '')).toLocaleString('fr-FR')
  const space = unit === undefined ? '' : unit === '%' ? '\u202f' : '\u00a0'
  return `${sign ?? ''}${grouped}${decimals === undefined ? '' : `,${decimals}`}${space}${suffix}`
}

export const sentences = makeSentences(table, frenchNumber)
