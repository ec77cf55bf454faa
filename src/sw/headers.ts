import { SECURITY_HEADERS } from '../core/security-headers'

/** Their body must be null (Fetch, "null body status"). */
const NULL_BODY = [204, 205, 304]

/**
 * The same answer under Plume's policy. Answers that cannot be rebuilt (opaque ones, redirects left to the browser)
 * come back as they are; they carry nothing that a script could read.
 */
export function underPolicy(response: Response): Response {
  if (response.status < 200 || response.type === 'opaque' || response.type === 'opaqueredirect') return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value)
  // The body is already decoded; its encoded length would be wrong.
  if (headers.has('content-encoding')) {
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  const body = NULL_BODY.includes(response.status) ? null : response.body
  return new Response(body, { status: response.status, statusText: response.statusText, headers })
}

/**
 * One byte range of a whole answer (RFC 9110, section 14). Several ranges, or none that can be read, give the whole:
 * a server may ignore the header.
 */
export async function rangeOf(response: Response, range: string | null): Promise<Response> {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (response.status !== 200 || (from === '' && to === '')) return response
  const whole = await response.blob()
  const start = from === '' ? Math.max(0, whole.size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? whole.size : Math.min(whole.size, Number(to) + 1)
  const headers = new Headers(response.headers)
  headers.delete('content-encoding')
  if (start >= end) {
    headers.set('content-range', `bytes */${whole.size}`)
    headers.delete('content-length')
    return new Response(null, { status: 416, statusText: 'Range Not Satisfiable', headers })
  }
  headers.set('content-range', `bytes ${start}-${end - 1}/${whole.size}`)
  headers.set('content-length', String(end - start))
  return new Response(whole.slice(start, end), { status: 206, statusText: 'Partial Content', headers })
}
