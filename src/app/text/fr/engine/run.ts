import type { SentenceTable } from '../../engine/match'

/** Running a model on our own engine: arrays in and out. */
export const run: SentenceTable = {
  'the tensor': 'le tenseur',
  'the tensor: expected its element type, found none':
    'le tenseur\u00a0: le type de ses éléments était attendu, il manque',
  'Give a file with one TensorProto, e.g. written by onnx.save_tensor.':
    'Donnez un fichier avec un seul TensorProto, écrit par exemple avec onnx.save_tensor.',
  '{file}: the elements stand in another file. Save the tensor with its elements.':
    '{file}\u00a0: les éléments se trouvent dans un autre fichier. Enregistrez le tenseur avec ses éléments.',
  '{file}: elements of type {type} are not read. Save numbers instead.':
    '{file}\u00a0: les éléments de type {type} ne sont pas lus. Enregistrez plutôt des nombres.',
  'The array labels is not an input of the model and was not used.':
    'Le tableau labels n’est pas une entrée du modèle\u202f; il n’a pas servi.',
  'The input {name} was given twice. Give each input once.':
    'L’entrée {name} a été donnée deux fois. Donnez chaque entrée une seule fois.',
  'An input has no array: {names}. Give it with --inputs.':
    'Une entrée n’a pas de tableau\u00a0: {names}. Donnez-le avec --inputs.',
  'Inputs have no array: {names}. Give it with --inputs.':
    'Des entrées n’ont pas de tableau\u00a0: {names}. Donnez-les avec --inputs.',
  'the model has no inputs': 'le modèle n’a pas d’entrées',
  "the model's inputs are {names}": 'les entrées du modèle sont {names}',
  'The array {name} is for no input: {inputs~}. Name each array like its input.':
    'Le tableau {name} ne correspond à aucune entrée\u00a0: {inputs~}. Nommez chaque tableau comme son entrée.',
  'The input {name} is a {type}; only tensors can be given.':
    'L’entrée {name} est du type {type}\u202f; seuls des tenseurs peuvent être donnés.',
  'The input {name} takes {dtype}, and the array given for it is {found}. Convert it, e.g. with array.astype(numpy.{wanted}).':
    'L’entrée {name} attend {dtype}, et le tableau donné est en {found}. Convertissez-le, par exemple avec array.astype(numpy.{wanted}).',
  'The input {name} was given an array of shape [{shape}].': 'L’entrée {name} a reçu un tableau de forme [{shape}].',
  'NumPy has no type for {dtype}: the output {name} was written as {wider}, with the same values.':
    'NumPy n’a pas de type pour {dtype}\u00a0: la sortie {name} a été écrite en {wider}, avec les mêmes valeurs.',
  'This build has no WASM kernels for whole models.': 'Cette version n’a pas de noyaux WASM pour des modèles entiers.',
  'The model ran on the slow reference backend. {why~}':
    'Le modèle a tourné sur le moteur de référence, qui est lent. {why~}',
  '{node} ({operator}) cannot be lifted to opset {opset#}: {why~}':
    '{node} ({operator}) ne peut pas passer à l’opset {opset#}\u00a0: {why~}',

  // the proof's further providers
  "The result was not run on Plume's own engine as well: {why~}.":
    'Le résultat n’a pas été exécuté en plus sur le moteur de Plume\u00a0: {why~}.',
  'the result is larger than {size#}': 'le résultat dépasse {size#}',
  'it lacks {operators}': 'il lui manque {operators}',
  '{operator} gives other random numbers on every provider':
    '{operator} donne d’autres nombres aléatoires sur chaque moteur',
  'it takes longer than {seconds#} s': 'cela prend plus de {seconds#} s',
  "ONNX Runtime and Plume's own engine give different results for this model: up to {share#} of an output's range. It may behave differently on other runtimes; test it where it will run.":
    'ONNX Runtime et le moteur de Plume donnent des résultats différents pour ce modèle\u00a0: jusqu’à {share#} de l’étendue d’une sortie. Il peut se comporter autrement ailleurs\u202f; testez-le là où il servira.',
  "Plume's own engine ran the first {n#} samples only: more would have taken longer than {seconds#} s.":
    'Le moteur de Plume n’a exécuté que les {n#} premiers échantillons\u00a0: les autres auraient demandé plus de {seconds#} s.',
  'The kernels of the simulated processor could not be loaded ({why!}).':
    'Les noyaux du processeur simulé n’ont pas pu être chargés ({why!}).',
  'x86-no-vnni (simulated)': 'x86 sans VNNI (simulé)',
  'the simulated processor has kernels of its own': 'le processeur simulé a ses propres noyaux',
  'The result was not run as x86 processors without VNNI would run it: {why~}.':
    'Le résultat n’a pas été exécuté comme le feraient des processeurs x86 sans VNNI\u00a0: {why~}.',
  'The simulation of x86 processors without VNNI ran the first {n#} samples only: more would have taken longer than {seconds#} s.':
    'La simulation des processeurs x86 sans VNNI n’a exécuté que les {n#} premiers échantillons\u00a0: les autres auraient demandé plus de {seconds#} s.',
  "On x86 processors without VNNI this model gives other results: up to {share#} of an output's range, since sums of 8-bit products overflow there.":
    'Sur les processeurs x86 sans VNNI, ce modèle donne d’autres résultats\u00a0: jusqu’à {share#} de l’étendue d’une sortie, car des sommes de produits sur 8 bits y débordent.',
  'On x86 processors without VNNI only {share#} of the answers are the original\'s: sums of 8-bit products overflow there, most in layer "{layer}" ({worst#}).':
    'Sur les processeurs x86 sans VNNI, seulement {share#} des réponses sont celles du modèle d’origine\u00a0: des sommes de produits sur 8 bits y débordent, surtout dans la couche «\u202f{layer}\u202f» ({worst#}).',
  "ONNX Runtime's WebGPU provider ran the first {n#} samples only: more would have taken longer than {seconds#} s.":
    'Le moteur WebGPU d’ONNX Runtime n’a exécuté que les {n#} premiers échantillons\u00a0: les autres auraient demandé plus de {seconds#} s.',
  'The speed on {provider} was not measured: {why~}.': 'La vitesse sur {provider} n’a pas été mesurée\u00a0: {why~}.',
}
