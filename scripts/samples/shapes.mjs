import { seeded } from './random.mjs'

export const SIZE = 16
export const CLASSES = ['disc', 'square', 'triangle', 'cross', 'ring', 'bar']

/** Whether a point (in units of the shape's radius, origin at its centre) lies inside the shape. */
const INSIDE = {
  disc: (x, y) => x * x + y * y <= 1,
  square: (x, y) => Math.abs(x) <= 0.85 && Math.abs(y) <= 0.85,
  triangle: (x, y) => y >= -0.9 && y <= 0.9 && Math.abs(x) <= (y + 0.9) * 0.55,
  cross: (x, y) => (Math.abs(x) <= 0.3 && Math.abs(y) <= 1) || (Math.abs(y) <= 0.3 && Math.abs(x) <= 1),
  ring: (x, y) => x * x + y * y <= 1 && x * x + y * y >= 0.3,
  bar: (x, y) => Math.abs(x) <= 0.35 && Math.abs(y) <= 1,
}

/** One drawn shape: random place, size, contrast and noise. Pixels have 16 levels, so that the file packs well. */
function draw(name, random) {
  const pixels = new Float64Array(SIZE * SIZE)
  const radius = random.between(3.2, 6)
  const centreX = random.between(radius * 0.9, SIZE - 1 - radius * 0.9)
  const centreY = random.between(radius * 0.9, SIZE - 1 - radius * 0.9)
  const contrast = random.between(0.35, 1)
  const tilt = random.between(-0.35, 0.35)
  const isInside = INSIDE[name]
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const [u, v] = [(x - centreX) / radius, (y - centreY) / radius]
      const level = isInside(u + tilt * v, v - tilt * u) ? contrast : 0
      const noise = random.uniform() < 0.22 ? random.between(-0.45, 0.45) : 0
      pixels[y * SIZE + x] = Math.round(Math.min(1, Math.max(0, level + noise)) * 15) / 15
    }
  }
  return pixels
}

/** `count` labelled pictures, classes in random order. */
export function makeShapes(count, seed) {
  const random = seeded(seed)
  const pictures = []
  const labels = []
  for (let i = 0; i < count; i++) {
    const label = random.below(CLASSES.length)
    labels.push(label)
    pictures.push(draw(CLASSES[label], random))
  }
  return { pictures, labels }
}
