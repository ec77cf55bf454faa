import type { Model } from '../../graph/model'
import { encodingOf } from '../data/table/preprocessing'
import type { ModuleColumn } from './javascript-module'

/** What a model that was trained here says of its rows and scores. */
export interface About {
  readonly columns?: readonly ModuleColumn[]
  readonly classes?: readonly string[]
}

export function aboutModel(model: Pick<Model, 'metadata'>): About {
  const encoding = encodingOf(model)
  const classes = encoding?.classes ?? listOf(model.metadata.get('plume.classes'))
  if (!encoding) return classes ? { classes } : {}
  const numbers = encoding.features.map((name, index): ModuleColumn => ({
    ...{ name, kind: 'number', input: 'features', index },
  }))
  const texts = encoding.categories.flatMap(({ column, input, texts: known }): ModuleColumn[] =>
    known && known.length > 0 ? [{ name: column, kind: 'category', input: input ?? column, index: 0 }] : [],
  )
  return { columns: [...numbers, ...texts], ...(classes && { classes }) }
}

/** Metadata may come from anywhere. */
function listOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}
