import type { SentenceTable } from '../../engine/match'

/** What has no gradient, and why. */
export const autodiff: SentenceTable = {
  'Only a float scalar has a gradient, and {value} is {type}.':
    'Seul un scalaire à virgule flottante a un gradient, et {value} est {type}.',
  'Only float values have gradients, and {value} is {type}.':
    'Seules les valeurs à virgule flottante ont un gradient, et {value} est {type}.',
  '{node} has no derivative ({why~}), and the gradient goes through it.':
    '{node} n’a pas de dérivée ({why~}), et le gradient le traverse.',
  '{node}: its gradient needs input {input#}, which the node does not have.':
    '{node}\u00a0: son gradient demande l’entrée {input#}, que le nœud n’a pas.',
  'The tensor {tensor} of the graph was not loaded.': 'Le tenseur {tensor} du graphe n’a pas été chargé.',
  'The type of {value} in the graph "{graph}" is not known.':
    'Le type de {value} dans le graphe «\u202f{graph}\u202f» n’est pas connu.',
  'the rank of {value} must be known to differentiate it': 'le rang de {value} doit être connu pour le dériver',
  'a derivative where its axes are computed': 'une dérivée quand ses axes sont calculés',
  'a derivative where the number of axes is not known': 'une dérivée quand le nombre d’axes n’est pas connu',
  'a derivative of blocks of open size': 'une dérivée de blocs de taille ouverte',
  'a derivative for a scale of open size': 'une dérivée pour une échelle de taille ouverte',
  'a derivative for blocks of an axis of open size': 'une dérivée pour des blocs d’un axe de taille ouverte',
  'a derivative of matrices above {rows#} rows': 'une dérivée de matrices de plus de {rows#} lignes',
  'a derivative along an axis of open size': 'une dérivée le long d’un axe de taille ouverte',
  'a derivative where length or axis are computed': 'une dérivée quand la longueur ou l’axe sont calculés',
  'a derivative of signals or frames of open length': 'une dérivée de signaux ou de trames de longueur ouverte',
}
