/** Hands a file to the browser's downloads. The URL lives until the page has had time to start reading it. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export function downloadText(text: string, name: string): void {
  download(new Blob([text], { type: 'application/json' }), name)
}
