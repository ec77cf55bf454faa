/** A page that shows how an exported module is used: a field per column, a canvas for pictures, else a list of numbers. */
import type { Model } from '../../graph/model'
import { aboutModel } from './about'

export interface ExamplePageOptions {
  /** Of the model. */
  readonly name: string
  /** The module's file, which lies beside the page. */
  readonly moduleFile: string
}

/** @returns HTML that needs nothing but the module, and a web server: browsers load no modules from files */
export function writeExamplePage(model: Model, { name, moduleFile }: ExamplePageOptions): string {
  const { columns } = aboutModel(model)
  const picture = columns ? undefined : pictureOf(model)
  const body = columns
    ? tableBody(columns.map((column) => [column.name, column.kind === 'number']))
    : picture
      ? pictureBody(picture)
      : numbersBody()
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>${escaped(name)}</title>
  <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
    form { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 0.75rem }
    label { display: grid }
    input, textarea, button { font: inherit; padding: 0.25rem 0.5rem }
    canvas { width: 280px; height: 280px; image-rendering: pixelated; background: #000; touch-action: none }
    .wide { grid-column: 1 / -1 }
  </style>
  <h1>${escaped(name)}</h1>
  <p>A model that runs in this page. Serve this folder, for instance with <code>npx serve</code>, and open the page there.</p>
  ${body.html}
  <h2>Prediction</h2>
  <pre id="result" role="status"></pre>
  <script type="module">
    import { load } from ${inScript(`./${moduleFile}`)}

    const model = await load()
    const show = (row) => {
      document.querySelector('#result').textContent = JSON.stringify(model.predict([row])[0], null, 2)
    }
${body.script}
  </script>
</html>
`
}

interface Body {
  readonly html: string
  readonly script: string
}

function tableBody(columns: readonly (readonly [string, boolean])[]): Body {
  const fields = columns.map(([name, isNumber]) => {
    const kind = isNumber ? 'type="number" step="any"' : 'type="text"'
    return `<label>${escaped(name)}<input name="${escaped(name)}" ${kind}></label>`
  })
  return {
    html: `<form>\n    ${fields.join('\n    ')}\n    <button class="wide">Predict</button>\n  </form>`,
    script: `
    // what is left empty is a missing value
    document.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault()
      show(Object.fromEntries(new FormData(event.target)))
    })`,
  }
}

interface PictureSize {
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** [samples, 1 or 3, height, width] */
function pictureOf({ graph }: Model): PictureSize | undefined {
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  const type = inputs.length === 1 ? inputs[0]?.type : undefined
  const [, channels, height, width] = (type?.kind === 'tensor' && type.shape) || []
  const isPicture = (channels === 1 || channels === 3) && typeof height === 'number' && typeof width === 'number'
  return isPicture ? { channels, height, width } : undefined
}

function pictureBody({ channels, height, width }: PictureSize): Body {
  const draw = `
    // Drawing in white.
    canvas.addEventListener('pointermove', (event) => {
      if (!event.buttons) return
      const { left, top, width, height } = canvas.getBoundingClientRect()
      pen.fillStyle = '#fff'
      pen.beginPath()
      pen.arc(((event.clientX - left) * ${width}) / width, ((event.clientY - top) * ${height}) / height, ${(Math.min(height, width) / 18).toFixed(1)}, 0, 7)
      pen.fill()
      predict()
    })`
  return {
    html: `<p>Choose a picture${channels === 1 ? ', or draw one' : ''}: <input type="file" accept="image/*"> <button>Clear</button></p>
  <canvas width="${width}" height="${height}"></canvas>`,
    script: `
    const canvas = document.querySelector('canvas')
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    const clear = () => {
      pen.fillStyle = '#000'
      pen.fillRect(0, 0, ${width}, ${height})
    }
    clear()
    document.querySelector('button').addEventListener('click', clear)
    // Pixels from 0 to 1, ${channels === 1 ? 'in gray' : 'one colour after the other'}.
    const predict = () => {
      const { data } = pen.getImageData(0, 0, ${width}, ${height})
      const pixels = new Float32Array(${channels * height * width})
      for (let i = 0; i < ${height * width}; i++) {
        ${
          channels === 1
            ? `pixels[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255`
            : `for (let c = 0; c < 3; c++) pixels[c * ${height * width} + i] = data[4 * i + c] / 255`
        }
      }
      show(pixels)
    }
    document.querySelector('input').addEventListener('change', async (event) => {
      pen.drawImage(await createImageBitmap(event.target.files[0]), 0, 0, ${width}, ${height})
      predict()
    })${channels === 1 ? draw : ''}`,
  }
}

const numbersBody = (): Body => ({
  html: `<form>\n    <label class="wide">Numbers of one sample, separated by commas<textarea rows="5"></textarea></label>\n    <button class="wide">Predict</button>\n  </form>`,
  script: `
    document.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault()
      const numbers = document.querySelector('textarea').value.split(/[\\s,;]+/).filter(Boolean).map(Number)
      try {
        show(numbers)
      } catch (error) {
        document.querySelector('#result').textContent = error.message
      }
    })`,
})

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter] as string)
const inScript = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c')
