import type { Messages } from '../en'
import { plural } from '../plural'

export const data: Messages['data'] = {
  title: 'Vos données',
  optional: 'facultatif',
  add: 'Ajouter des données d’exemple',
  addFolder: 'Ajouter un dossier d’images',
  kinds: '.npz, .npy, .csv, paire idx(.gz) ou dossier d’images étiquetées',
  refused: (name, kinds) => `${name}\u00a0: ${kinds}`,
  without:
    'Elles servent à choisir les plages des entiers et à mesurer l’exactitude. Sans elles, la comparaison se fait sur des entrées inventées.',
  remove: 'Retirer les données',
  used: 'Ce résultat a été mesuré avec elles.',
  split: 'Là où des plages sont à choisir, un échantillon sur cinq les choisit et les autres mesurent l’exactitude.',
  trained:
    'Les échantillons de test de l’entraînement mesurent l’exactitude, et ceux dont il a appris choisissent les plages.',
  target: 'Colonne des étiquettes, par son nom ou par son numéro à partir de 0',
  targetGuessed: 'celle pour laquelle le modèle a été entraîné',
  whole: 'Toutes mesurent l’exactitude.',
  files: (count) => plural('fr', count, { one: `${count} fichier`, other: `${count} fichiers` }),
  rerun: 'Mesurer avec ces données',
  calibrate: 'Données pour choisir les plages, distinctes de celles du test',
  calibrateHelp: 'Seulement si vous les avez à part. Elles n’ont pas besoin d’étiquettes.',
  calibrateAdd: 'Ajouter des données de calibration',
  calibrateRemove: 'Retirer les données de calibration',
}
