import type { Messages } from '../en'
import { plural } from '../plural'

export const job: Messages['job'] = {
  inspecting: 'Examen du fichier…',
  queued: 'En attente de son tour',
  removeLabel: (name) => `Retirer ${name}`,
  cancelled: 'Annulé. Rien n’a été modifié.',
  shrink: (before, after) => `Alléger\u00a0: ${before} → ${after} environ`,
  tryAnyway: 'Essayer de l’alléger',
  withRecipe: (steps) => `Alléger avec ${steps}`,
  options: 'Options',
  again: 'Réessayer',
  facts: {
    parameters: (count) => `${count} paramètres`,
    opset: (version) => `opset ${version}`,
    value: (name, type) => `${name}\u00a0: ${type}`,
    madeBy: (name) => `créé par ${name}`,
  },
  notSmaller: 'Aucun gros bloc de poids à alléger n’a été trouvé.',
  details: 'Ce qu’il contient',
  inputs: 'Entrées',
  outputs: 'Sorties',
  operators: 'Opérateurs',
  types: 'Octets par type',
  decisions: 'Ce qu’il adviendra de chaque tenseur',
  decisionsCaption: (method) => `Prévision pour «\u202f${method}\u202f», sans lire les poids`,
  tensor: 'Tenseur',
  shape: 'Forme',
  before: 'Avant',
  after: 'Après',
  why: 'Pourquoi',
  showAll: (count) => plural('fr', count, { one: 'Afficher tout', other: `Afficher les ${count}` }),
}
