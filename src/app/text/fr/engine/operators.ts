import type { SentenceTable } from '../../engine/match'

/** What all operators say of nodes, attributes, shapes and loops that do not fit. */
export const operators: SentenceTable = {
  'The engine does not compute with {type}.': 'Le moteur ne calcule pas avec {type}.',
  'The engine does not compute with {type} (tensor {name}).': 'Le moteur ne calcule pas avec {type} (tenseur {name}).',
  'A function of this model calls itself; such models have no end.':
    'Une fonction de ce modèle s’appelle elle-même\u202f; de tels modèles n’ont pas de fin.',
  'The engine computes with opset {last#}, and node {node} ({type}) cannot be lifted to opset {opset#}: {why~}':
    'Le moteur calcule avec l’opset {last#}, et le nœud {node} ({type}) ne peut pas être porté à l’opset {opset#}\u00a0: {why~}',
  '{node}: the engine has no such operator.': '{node}\u00a0: le moteur n’a pas cet opérateur.',
  '{fewest#} to any number': '{fewest#} ou plus',
  '{node}: it has {count#} inputs, and {wanted~} are expected.':
    '{node}\u00a0: il a {count#} entrées, et {wanted~} sont attendues.',
  '{node}: {rule~}. Its inputs have the shapes {shapes}.':
    '{node}\u00a0: {rule~}. Ses entrées ont les formes {shapes}.',
  '{node}: the engine does not compute it with {what~}.': '{node}\u00a0: le moteur ne le calcule pas avec {what~}.',
  'input {input#} is missing': 'l’entrée {input#} manque',
  'the attribute {name} is missing': 'l’attribut {name} manque',
  'the attribute {name} should be {expected~}': 'l’attribut {name} devrait être {expected~}',
  'the attribute {name} is not known to this operator': 'l’attribut {name} est inconnu de cet opérateur',
  'a list of whole numbers': 'une liste de nombres entiers',
  'a list of numbers': 'une liste de nombres',
  'a text': 'un texte',
  'a list of texts': 'une liste de textes',
  'one of {options}': 'l’un de {options}',
  'an element type': 'un type d’élément',
  'a graph': 'un graphe',
  'a tensor': 'un tenseur',
  '{type} inputs': 'des entrées {type}',
  'no kernel has this formula': 'aucun noyau de calcul n’a cette formule',
  '64-bit integers': 'des entiers de 64 bits',
  'the sizes {a#} and {b#} of axis {axis#} differ and neither is 1':
    'les tailles {a#} et {b#} de l’axe {axis#} diffèrent et aucune n’est 1',
  'axis {axis#} must lie in [{low#}, {high#}]': 'l’axe {axis#} doit être compris dans [{low#}, {high#}]',
  'the axes {axes} name one axis twice': 'les axes {axes} nomment deux fois le même axe',
  'the condition must be one element': 'la condition doit être un seul élément',
  'which branch runs depends on a value': 'la branche exécutée dépend d’une valeur',
  'a loop that has not ended after {steps#} steps': 'une boucle qui n’a pas fini après {steps#} pas',
  'the number of steps depends on values': 'le nombre de pas dépend des valeurs',
  'its body takes {count#} inputs, and the node gives it {given#}':
    'son corps prend {count#} entrées, et le nœud lui en donne {given#}',
  'one step gives the shape [{a}] where another gave [{b}]': 'un pas donne la forme [{a}] là où un autre a donné [{b}]',
  'scan axis {axis#} must lie in [{low#}, {high#}]':
    'l’axe de parcours {axis#} doit être compris dans [{low#}, {high#}]',
  'no step and an output of unknown type': 'aucun pas et une sortie de type inconnu',
  'the scanned inputs have {a#} and {b#} entries': 'les entrées parcourues ont {a#} et {b#} éléments',
  'it scans no input': 'il ne parcourt aucune entrée',
  'its body runs once per entry': 'son corps s’exécute une fois par élément',
  'it scans {count#} inputs and has {own#}': 'il parcourt {count#} entrées et en a {own#}',
}
