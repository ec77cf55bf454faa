import type { Messages } from '../en'
import { plural } from '../plural'

export const charts: Messages['charts'] = {
  saveAs: (title, kind) => `${title}\u00a0: télécharger en ${kind}`,
  notSaved: 'Le navigateur n’a pas pu créer cette image. Le tableau se télécharge en CSV.',
  size: 'Taille',
  method: 'Méthode',
  axis: {
    accuracy: 'Exactitude perdue (points)',
    agreement: 'Réponses changées (%)',
    nll: 'Perte ajoutée (nats)',
    sqnr: 'Écart des sorties (%)',
  },
  lossOf: {
    accuracy: (value, count) => plural('fr', count, { one: `${value} point perdu`, other: `${value} points perdus` }),
    agreement: (value) => `${value}\u202f% des réponses ont changé`,
    nll: (value, count) => plural('fr', count, { one: `${value} nat ajouté`, other: `${value} nats ajoutés` }),
    sqnr: (value) => `sorties différentes de ${value}\u202f%`,
  },
  gainOf: {
    accuracy: (value, count) => plural('fr', count, { one: `${value} point gagné`, other: `${value} points gagnés` }),
    nll: (value, count) => plural('fr', count, { one: `${value} nat de moins`, other: `${value} nats de moins` }),
  },
  pareto: 'Taille et qualité de tout ce qui a été essayé',
  paretoSummary: (count, best) =>
    plural('fr', count, {
      one: `${count} façon d’alléger ce modèle, selon la taille et la qualité.`,
      other: `${count} façons d’alléger ce modèle, selon la taille et la qualité\u202f; pour ${best} d’entre elles, aucune autre n’est à la fois plus petite et meilleure.`,
    }),
  legend: {
    chosen: '◆ affiché',
    front: '● meilleur à sa taille',
    other: '◌ une autre est meilleure à sa taille',
    original: '■ original',
    far: '▲ hors du graphique',
  },
  kind: {
    chosen: 'affiché',
    front: 'meilleur à sa taille',
    other: 'une autre est meilleure à sa taille',
    original: 'original',
  },
  rank: 'Rang',
  original: 'original',
  budget: 'budget',
  open: (name, size, quality) => `Prendre ${name}\u00a0: ${size}, ${quality}`,
  shown: (name, size, quality) => `${name}, affiché\u00a0: ${size}, ${quality}`,
  live: (count, text) => plural('fr', count, { one: `${text} essai terminé`, other: `${text} essais terminés` }),
}
