import { SHARE_LIMITS, SHARE_REFUSED, type SharedList } from '../core/offline'

export interface ShareOptions {
  /** The scope, with `/` at its end. */
  readonly scope: string
  /** Folder of deliveries, with `/` at its end. */
  readonly folder: string
  readonly open: () => Promise<Cache>
  readonly newId: () => string
}

/**
 * Takes what another app shared (multipart form), keeps it under a fresh id and sends the browser to the page, which
 * collects it. A delivery that nobody collected goes when the next one comes.
 */
export async function takeShared(request: Request, { scope, folder, open, newId }: ShareOptions): Promise<Response> {
  const to = (id: string) => Response.redirect(`${scope}?shared=${id}`, 303)
  try {
    const form = await request.formData()
    const files = form.getAll('files').filter((value) => typeof value !== 'string')
    const text = ['text', 'url', 'title'].map((name) => form.get(name)).find(isText) ?? ''
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    const isTooMuch = files.length > SHARE_LIMITS.files || bytes > SHARE_LIMITS.bytes
    if (isTooMuch || text.length > SHARE_LIMITS.textLength || (files.length === 0 && text === '')) {
      return to(SHARE_REFUSED)
    }
    const cache = await open()
    for (const old of await cache.keys()) await cache.delete(old)
    const id = newId()
    const list: SharedList = { names: files.map(({ name }) => name), text }
    for (const [i, file] of files.entries()) await cache.put(`${folder}${id}/${i}`, new Response(file))
    // last: without its list a delivery is none
    await cache.put(`${folder}${id}/list`, Response.json(list))
    return to(id)
  } catch {
    // not a form, cut off, or no room
    return to(SHARE_REFUSED)
  }
}

const isText = (value: FormDataEntryValue | null): value is string => typeof value === 'string' && value.trim() !== ''
