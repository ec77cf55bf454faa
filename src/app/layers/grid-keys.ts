/** Where a key leads in a grid, as the ARIA pattern has it; null for keys that are not the grid's. */
export function moveInGrid(
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  [row, column]: readonly [row: number, column: number],
  { rows, columns }: { readonly rows: number; readonly columns: number },
): [row: number, column: number] | null {
  if (altKey) return null
  const isFar = ctrlKey || metaKey
  const [lastRow, lastColumn] = [rows - 1, columns - 1]
  if (key === 'ArrowUp') return [Math.max(0, isFar ? 0 : row - 1), column]
  if (key === 'ArrowDown') return [Math.min(lastRow, isFar ? lastRow : row + 1), column]
  if (key === 'ArrowLeft') return [row, Math.max(0, column - 1)]
  if (key === 'ArrowRight') return [row, Math.min(lastColumn, column + 1)]
  if (key === 'Home') return [isFar ? 0 : row, 0]
  if (key === 'End') return [isFar ? lastRow : row, lastColumn]
  if (key === 'PageUp') return [Math.max(0, row - 10), column]
  if (key === 'PageDown') return [Math.min(lastRow, row + 10), column]
  return null
}
