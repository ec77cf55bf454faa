/** A drawn chart as a file: with the colours that it has on the screen, so that it looks the same without the page. */

const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'stroke-opacity']
const TEXT_STYLES = ['font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order']
const SVG = 'http://www.w3.org/2000/svg'

/** The chart as an SVG file, on the colour of its surface. */
export function svgText(drawn: SVGSVGElement, background: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement
  const originals = [drawn, ...drawn.querySelectorAll<SVGElement>('*')]
  for (const [index, element] of [copy, ...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const original = originals[index]
    if (original && element.tagName !== 'style') inline(original, element)
  }
  for (const style of copy.querySelectorAll('style')) style.remove()
  const surface = document.createElementNS(SVG, 'rect')
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: background })) {
    surface.setAttribute(name, value)
  }
  copy.prepend(surface)
  copy.setAttribute('xmlns', SVG)
  return new XMLSerializer().serializeToString(copy)
}

function inline(from: SVGElement, to: SVGElement): void {
  const computed = getComputedStyle(from)
  const names = from.tagName === 'text' || from.tagName === 'svg' ? [...STYLES, ...TEXT_STYLES] : STYLES
  to.removeAttribute('class')
  to.removeAttribute('style')
  for (const name of names) to.setAttribute(name, computed.getPropertyValue(name))
}

/** @param scale pixels of the picture for each of the screen */
export async function pngOf(svg: string, size: { width: number; height: number }, scale = 2): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.ceil(size.width * scale)
    canvas.height = Math.ceil(size.height * scale)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no picture'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(url)
  }
}
