import type { Messages } from '../en'
import { plural } from '../plural'

export const data: Messages['data'] = {
  title: 'Mesurer l’exactitude sur vos données',
  optional: 'facultatif',
  add: 'Ajouter des données d’exemple',
  addFolder: 'Ajouter un dossier d’images',
  kinds: '.npz, .npy, paire idx(.gz) ou dossier d’images étiquetées',
  refused: (name, kinds) => `${name}\u00a0: ${kinds}`,
  without: 'Sans données, la comparaison se fait sur des entrées inventées.',
  remove: 'Retirer les données',
  used: 'Ce résultat a été mesuré avec elles.',
  files: (count) => plural('fr', count, { one: `${count} fichier`, other: `${count} fichiers` }),
  rerun: 'Mesurer avec ces données',
}
