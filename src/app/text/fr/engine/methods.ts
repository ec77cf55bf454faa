import type { SentenceTable } from '../../engine/match'

/** What the methods say of tensors and nodes, and why. */
export const methods: SentenceTable = {
  'kept: {why~}': 'conservé\u00a0: {why~}',
  '{dtype} is left alone': 'les {dtype} ne sont pas touchés',
  'excluded by name': 'exclu par son nom',
  'it is an output of its graph': 'c’est une sortie de son graphe',
  'below {n#} bytes': 'moins de {n#} octets',
  'read by nothing': 'lu par rien',
  'read by {operators}': 'lu par {operators}',

  // weights in 8 bits
  'the model is already quantized': 'le modèle est déjà quantifié',
  'read by nothing, not as a weight': 'lu par rien, donc pas comme poids',
  'read by {operators}, not as a weight': 'lu par {operators}, mais pas comme poids',
  'not among the tensors to include': 'pas parmi les tenseurs à inclure',
  'scales and node would take more than is gained': 'les échelles et le nœud prendraient plus que le gain',
  'weights of {nodes~}': 'poids de {nodes~}',
  '{nodes~} and {more~}': '{nodes~} et {more~}',
  '{n#} {operator} nodes': '{n#} nœuds {operator}',
  '{n#} {operator} node': '{n#} nœud {operator}',
  'Stays {dtype}: opset {opset#} can hold neither DequantizeLinear nor a broadcasting Mul.':
    'Reste en {dtype}\u00a0: l’opset {opset#} n’admet ni DequantizeLinear ni un Mul avec diffusion.',
  '{n#} weight (such as "{name}")': '{n#} poids (dont «\u202f{name}\u202f»)',
  '{n#} weights (such as "{name}")': '{n#} poids (dont «\u202f{name}\u202f»)',
  'the opset could not be raised': 'l’opset n’a pas pu être relevé',
  '{which~} is restored by Cast and Mul instead of DequantizeLinear, which needs opset {opset#}: {why~}.':
    '{which~} est restauré par Cast et Mul au lieu de DequantizeLinear, qui demande l’opset {opset#}\u00a0: {why~}.',
  '{which~} are restored by Cast and Mul instead of DequantizeLinear, which needs opset {opset#}: {why~}.':
    '{which~} sont restaurés par Cast et Mul au lieu de DequantizeLinear, qui demande l’opset {opset#}\u00a0: {why~}.',
  'node "{name}" ({operator}) cannot be lifted to {opset#}, because {why~}':
    'le nœud «\u202f{name}\u202f» ({operator}) ne peut pas être relevé à {opset#}, car {why~}',
  'Tensor "{name}" holds {value} at [{index}] (element {at#}). Weights must be finite to be quantized. Train or export the model again, or leave the tensor out with exclude={pattern}.':
    'Le tenseur «\u202f{name}\u202f» contient {value} en [{index}] (élément {at#}). Les poids doivent être finis pour être quantifiés. Entraînez ou exportez le modèle de nouveau, ou écartez le tenseur avec exclude={pattern}.',
  'Raised the IR version from 3 to 4: weights leave the list of inputs.':
    'La version d’IR passe de 3 à 4\u00a0: les poids quittent la liste des entrées.',
  'Stays {dtype}: in 8 bits its SQNR would be {db#} dB, below {least#} dB.':
    'Reste en {dtype}\u00a0: sur 8 bits, son rapport signal sur bruit de quantification serait de {db#} dB, sous les {least#} dB demandés.',
  '{n#} tensors (such as "{name}")': '{n#} tenseurs (dont «\u202f{name}\u202f»)',
  '{which~} of {n#} bytes is kept: {why~}.': '{which~}, {n#} octets, est conservé\u00a0: {why~}.',
  '{which~} of {n#} bytes are kept: {why~}.': '{which~}, {n#} octets, sont conservés\u00a0: {why~}.',
  '{which~} of {n#} bytes is {what~}.': '{which~}, {n#} octets\u00a0: {what~}.',
  '{which~} of {n#} bytes are {what~}.': '{which~}, {n#} octets\u00a0: {what~}.',

  // integer operators
  'No integer operator does what these do here, so they stay in float between DequantizeLinear and QuantizeLinear: {operators}.':
    'Aucun opérateur entier ne fait ici ce que font ceux-ci, qui restent donc en flottant entre DequantizeLinear et QuantizeLinear\u00a0: {operators}.',

  'a rule keeps it in float': 'une règle la garde en flottant',
  '{operator} has no integer form': '{operator} n’a pas de forme entière',
  'convolutions are left out: ConvInteger is slower':
    'les convolutions sont laissées de côté\u00a0: ConvInteger est plus lent',
  'LSTM is left out': 'les LSTM sont laissés de côté',
  'it is part of a function': 'elle fait partie d’une fonction',
  'its weight is not its second input': 'son poids n’est pas sa deuxième entrée',
  'its weight is computed in the graph': 'son poids est calculé dans le graphe',
  'it does not compute with float32': 'elle ne calcule pas en float32',
  'its weight is a vector': 'son poids est un vecteur',
  'its weight is empty': 'son poids est vide',
  'layout 1 has no integer form': 'la disposition 1 n’a pas de forme entière',
  'scales and nodes would take more than is gained': 'les échelles et les nœuds prendraient plus que le gain',
  'its weight is also read by {name}, in float': 'son poids est aussi lu par {name}, en flottant',
  '{n#} layers (such as "{name}")': '{n#} couches (dont «\u202f{name}\u202f»)',
  '{which~} stays float: {why~}.': '{which~} reste en flottant\u00a0: {why~}.',
  '{which~} stay float: {why~}.': '{which~} restent en flottant\u00a0: {why~}.',
  'its weight is also read by an output of the graph, in float':
    'son poids est aussi une sortie du graphe, en flottant',
  'weights of {n#} {operator} nodes': 'poids de {n#} nœuds {operator}',
  'weights of {n#} {operator} node': 'poids de {n#} nœud {operator}',
  'kept: read by {operators}, not as a weight': 'conservé\u00a0: lu par {operators}, mais pas comme poids',
  'Stays float: DynamicQuantizeLinear needs opset {opset#}, and {why~}.':
    'Reste en flottant\u00a0: DynamicQuantizeLinear demande l’opset {opset#}, et {why~}.',
  'A rule of dynamic-int8 wants {bits#} bits for the layer "{name}": expected float or 8.':
    'Une règle de dynamic-int8 demande {bits#} bits pour la couche «\u202f{name}\u202f»\u00a0: float ou 8 attendu.',
  'ConvInteger is slower than the float Conv on most processors: compare the times.':
    'ConvInteger est plus lent que la Conv flottante sur la plupart des processeurs\u00a0: comparez les temps.',
  'DynamicQuantizeLSTM is an operator of ONNX Runtime: other runtimes cannot load the model.':
    'DynamicQuantizeLSTM est un opérateur d’ONNX Runtime\u00a0: les autres moteurs d’exécution ne peuvent pas charger le modèle.',

  // half precision
  'Only weights are stored in float16; the graph computes in float32 as before, because {why~}.':
    'Seuls les poids sont stockés en float16\u202f; le graphe calcule en float32 comme avant, car {why~}.',
  'node "{name}" ({operator}) hands on sequences or scans':
    'le nœud «\u202f{name}\u202f» ({operator}) transmet des séquences ou des balayages',
  'the type of "{name}" (made by {operator}) is not known':
    'le type de «\u202f{name}\u202f» (produit par {operator}) est inconnu',
  '"{name}" is handed out by an inner graph': '«\u202f{name}\u202f» sort d’un graphe interne',
  'Stays float32: {nodes} and {n#} more: {why~}.': 'Reste en float32\u00a0: {nodes} et {n#} de plus\u00a0: {why~}.',
  'Stays float32: {nodes}: {why~}.': 'Reste en float32\u00a0: {nodes}\u00a0: {why~}.',
  'Stays float32: {nodes}{more~}: {why~}.': 'Reste en float32\u00a0: {nodes}{more~}\u00a0: {why~}.',
  'Stays float32: Cast takes float16 from opset 6 on.':
    'Reste en float32\u00a0: Cast n’accepte float16 qu’à partir de l’opset 6.',
  'Stays float32: {why~}.': 'Reste en float32\u00a0: {why~}.',
  'Values below 3e-8 that become 0 in float16: {n#}; the precision of their tensors allows it.':
    'Valeurs inférieures à 3e-8 qui deviennent 0 en float16\u00a0: {n#}\u202f; la précision de leurs tenseurs le permet.',
  'element {at#} is {value}, and float16 ends at 65504': 'l’élément {at#} vaut {value}, et float16 s’arrête à 65504',
  'in float16 its SQNR would be {db#} dB, below {least#} dB':
    'en float16, son rapport signal sur bruit d’arrondi serait de {db#} dB, sous les {least#} dB demandés',
  'the added node would take more than is gained': 'le nœud ajouté prendrait plus que le gain',
  'reads values that may leave the range of float16': 'lit des valeurs qui peuvent sortir de la plage de float16',
  'operator {name} is not a standard one': 'l’opérateur {name} n’est pas standard',
  'operator {domain}::{name} is not a standard one': 'l’opérateur {domain}::{name} n’est pas standard',
  '{operator} is not safe in float16': '{operator} n’est pas sûr en float16',
  '{operator} may leave the range of float16': '{operator} peut sortir de la plage de float16',
  '{operator} with a reduction is not safe in float16': '{operator} avec réduction n’est pas sûr en float16',
  'Dropout that may train is not safe in float16': 'Dropout pouvant servir à l’entraînement n’est pas sûr en float16',
  'whole numbers above 2048 are not exact in float16': 'les entiers supérieurs à 2048 ne sont pas exacts en float16',
  '"{name}" stays float32 ({why~})': '«\u202f{name}\u202f» reste en float32 ({why~})',

  // tidy: counts, singular and plural
  '{n#} {what~}.': '{n#} {what~}.',
  'Constant nodes stored as initializers': 'nœuds Constant stockés comme initialiseurs',
  'Constant node stored as initializers': 'nœud Constant stocké comme initialiseur',
  'unused nodes removed': 'nœuds inutilisés retirés',
  'unused node removed': 'nœud inutilisé retiré',
  'unused tensors removed': 'tenseurs inutilisés retirés',
  'unused tensor removed': 'tenseur inutilisé retiré',
  'unused functions removed': 'fonctions inutilisées retirées',
  'unused function removed': 'fonction inutilisée retirée',
  'BatchNormalization nodes folded into weights': 'nœuds BatchNormalization intégrés aux poids',
  'BatchNormalization node folded into weights': 'nœud BatchNormalization intégré aux poids',
  'nodes computed ahead': 'nœuds calculés d’avance',
  'node computed ahead': 'nœud calculé d’avance',
  'Not computed ahead, since onnxruntime refused: {quote~}':
    'Pas calculé d’avance, car onnxruntime a refusé\u00a0: {quote~}',
  '"{name}"': '«\u202f{name}\u202f»',
  '{n#} {from} tensor stored as {to}': '{n#} tenseur {from} stocké en {to}',
  '{n#} {from} tensors stored as {to}': '{n#} tenseurs {from} stockés en {to}',
  '{from} tensors stored as {to}': 'tenseurs {from} stockés en {to}',
  '{from} tensor stored as {to}': 'tenseur {from} stocké en {to}',
  'Reshape nodes removed before another Reshape': 'nœuds Reshape retirés avant un autre Reshape',
  'Reshape node removed before another Reshape': 'nœud Reshape retiré avant un autre Reshape',
  'no-op {operator} nodes removed': 'nœuds {operator} sans effet retirés',
  'no-op {operator} node removed': 'nœud {operator} sans effet retiré',
  'equal tensors stored once': 'tenseurs égaux stockés une seule fois',
  'equal tensor stored once': 'tenseur égal stocké une seule fois',
  'reshaped copies stored once': 'copies sous une autre forme stockées une seule fois',
  'reshaped copy stored once': 'copie sous une autre forme stockée une seule fois',
  'transposed copies stored once': 'copies transposées stockées une seule fois',
  'transposed copy stored once': 'copie transposée stockée une seule fois',
  'tensors of two values stored as booleans': 'tenseurs à deux valeurs stockés en booléens',
  'tensor of two values stored as booleans': 'tenseur à deux valeurs stocké en booléens',
  'triangular masks computed': 'masques triangulaires calculés',
  'triangular mask computed': 'masque triangulaire calculé',
  'bytes of documentation strings removed': 'octets de documentation retirés',
  'byte of documentation strings removed': 'octet de documentation retiré',
  'Tidy found nothing to remove or to store smaller.':
    'Le nettoyage n’a rien trouvé à retirer ni à stocker en plus petit.',
  'lift to IR version 4': 'passage à la version d’IR 4',
  'The file was raised to IR version 4, in which weights need not be listed as inputs.':
    'Le fichier passe à la version d’IR 4, où les poids n’ont pas à figurer parmi les entrées.',
  'nothing reads it': 'rien ne le lit',
  'BatchNorm, folded into the weights before it': 'BatchNorm, intégré aux poids qui le précèdent',
  'kept, unless its values are equal to another tensor or fit a narrower type exactly':
    'conservé, sauf si ses valeurs sont égales à un autre tenseur ou tiennent exactement dans un type plus étroit',

  // integers throughout
  'it has no weights': 'elle n’a pas de poids',
  'the target computes in float, and only weights are stored as integers':
    'la cible calcule en flottants, et seuls les poids sont stockés en entiers',
  '{operator} has no integer form for ranges from data':
    '{operator} n’a pas de forme entière à plages tirées des données',
  'values inside of sub-graphs and functions are not observed':
    'les valeurs à l’intérieur des sous-graphes et des fonctions ne sont pas observées',
  'the target has no integer {operator}': 'la cible n’a pas de {operator} entier',
  'values of a type that could not be told': 'des valeurs dont le type n’a pas pu être établi',
  'it computes with {dtype~}': 'elle calcule avec {dtype~}',
  'shares a weight with {layer}, which stays in float': 'elle partage un poids avec {layer}, qui reste en flottants',
  'part of {layer}': 'fait partie de {layer}',
  'no integer layers stand on both of its sides': 'elle n’a pas de couches entières des deux côtés',
  '{what~}, and {why~}.': '{what~}, et {why~}.',
  'Stays float: QuantizeLinear needs opset {opset#}':
    'Reste en flottants\u00a0: QuantizeLinear demande l’opset {opset#}',
  'Weights get one scale each: scales per channel need opset {opset#}':
    'Chaque poids n’a qu’une échelle\u00a0: celles par canal demandent l’opset {opset#}',
  'Weights have 8 bits instead of 4, and inner values of 16 bits are for ONNX Runtime only: both need opset {opset#}':
    'Les poids ont 8 bits au lieu de 4, et les valeurs internes sur 16 bits sont pour ONNX Runtime seulement\u00a0: les deux demandent l’opset {opset#}',
  'static-int8 needs data to choose ranges on, for {n#} inner values of the model. Give samples of what the model will see with --calibrate DATA; where there is only --test DATA, a fifth of it is taken.':
    'static-int8 a besoin de données pour choisir les plages de {n#} valeurs internes du modèle. Donnez des échantillons de ce que le modèle verra avec --calibrate DATA\u202f; s’il n’y a que --test DATA, un cinquième en est pris.',
  'int{bits#} weights': 'poids int{bits#}',
  'In float with integer weights: {which~}, since {why~}.':
    'En flottants avec des poids entiers\u00a0: {which~}. Raison\u00a0: {why~}.',
  'In float: {which~}, since {why~}.': 'En flottants\u00a0: {which~}. Raison\u00a0: {why~}.',
  'The model is already quantized ({operators}) and is left as it is.':
    'Le modèle est déjà quantifié ({operators}) et reste tel quel.',
  'No layer of the model can be made of integers; it is left as it is.':
    'Aucune couche du modèle ne peut devenir entière\u202f; il reste tel quel.',
  'format=cache is for target=tensorrt, not for {target}: other runtimes read no calibration cache. Take format=qdq.':
    'format=cache est pour target=tensorrt, pas pour {target}\u00a0: les autres moteurs ne lisent pas de cache de calibration. Prenez format=qdq.',
  'TensorRT does not read integer operators. Take format=qdq, or format=cache.':
    'TensorRT ne lit pas les opérateurs entiers. Prenez format=qdq, ou format=cache.',
  'The name {name} has a line break, which a calibration cache cannot hold. Rename the value, or take format=qdq.':
    'Le nom {name} contient un saut de ligne, ce qu’un cache de calibration n’admet pas. Renommez la valeur, ou prenez format=qdq.',
  'Has no range: it is NaN or infinite in the calibration data.':
    'N’a pas de plage\u00a0: elle vaut NaN ou l’infini dans les données de calibration.',
  'Constants that were added behind products are their biases: {n#}.':
    'Constantes ajoutées derrière des produits, devenues leurs biais\u00a0: {n#}.',
  '"{name}" is NaN or infinite in the calibration data':
    '«\u202f{name}\u202f» vaut NaN ou l’infini dans les données de calibration',
  'no layer reads it as its weight': 'aucune couche ne le lit comme son poids',
  'Rule "{rule}" of {owner}: expected PATTERN=KIND with a KIND of {kinds}, such as conv1=float.':
    'Règle «\u202f{rule}\u202f» de {owner}\u00a0: il faut MOTIF=SORTE, avec une SORTE parmi {kinds}, comme conv1=float.',
}
