import * as v from 'valibot'
import { SharedSchema, type Shared } from './schema'

/** What a link holds, saved as a JSON file: checked field by field as in a link. null: it is something else. */
export function readShared(text: string): Shared | null {
  try {
    const result = v.safeParse(SharedSchema, JSON.parse(text))
    return result.success ? result.output : null
  } catch {
    return null
  }
}
