import type { Messages } from '../en'

export const help: Messages['help'] = {
  title: 'Aide',
  start: 'En trois étapes',
  steps: [
    'Déposez un modèle, ou choisissez-en un. Des données pour mesurer l’exactitude peuvent l’accompagner. Déposez un tableau ou des images seuls pour entraîner d’abord un modèle.',
    'Regardez ce qu’il contient et ce qui va se passer, puis allégez-le.',
    'Lisez ce que cela coûte en exactitude et en vitesse, et téléchargez le résultat.',
  ],
  formats: 'Ce que l’on peut déposer',
  formatRows: [
    { name: '.onnx', what: 'un modèle, avec ses fichiers de poids à côté de lui ou dans son dossier' },
    {
      name: '.npz, .npy',
      what: 'des données de test\u00a0: des tableaux nommés comme les entrées, et «\u202flabels\u202f»',
    },
    {
      name: '.csv, .tsv, .data',
      what: 'un tableau pour l’entraînement\u202f; à côté d’un modèle, des données de test',
    },
    {
      name: 'idx(.gz)',
      what: 'des paires d’images et d’étiquettes, comme MNIST\u00a0: pour le test ou l’entraînement',
    },
    { name: 'dossier', what: 'des images (JPEG, PNG, WebP) avec labels.csv, ou un dossier par classe\u00a0: de même' },
    { name: 'recette', what: 'du JSON, un lien de partage ou une ligne de commande\u00a0: collez-la n’importe où' },
  ],
  glossary: 'Vocabulaire',
  terms: [
    {
      term: 'Quantification',
      what: 'Les nombres sont stockés avec moins de bits\u00a0: un poids de 32 bits devient un entier de 8.',
    },
    {
      term: 'Échelle et point zéro',
      what: 'Ce qui redonne la valeur à partir de l’entier\u00a0: valeur = (entier − point zéro) × échelle.',
    },
    {
      term: 'Par canal',
      what: 'Chaque canal de sortie d’une couche a sa propre échelle, ce qui conserve plus de détails.',
    },
    {
      term: 'Calibration',
      what: 'Faire passer de vraies données dans le modèle pour connaître l’étendue des valeurs qui y circulent.',
    },
    {
      term: 'Rapport signal sur bruit (SQNR)',
      what: 'La force de la sortie face à son erreur, en décibels. 6\u202fdB de plus divisent l’erreur par deux\u202f; 30\u202fdB, c’est une erreur d’environ 3\u202f%.',
    },
    { term: 'Concordance', what: 'La part des échantillons où les deux modèles donnent la même première réponse.' },
    {
      term: 'Intervalle à 95\u202f%',
      what: 'Là où se trouve le vrai écart, dans 95 mesures de ce genre sur 100. Moins d’échantillons l’élargissent.',
    },
    {
      term: 'Perte (NLL)',
      what: 'À quel point les bonnes réponses surprennent le modèle, en nats\u00a0: moins, c’est mieux. Elle tient compte aussi de son assurance.',
    },
    {
      term: 'Recette',
      what: 'Ce qui a été fait, avec toutes les options. Le même fichier et la même recette donnent les mêmes octets.',
    },
  ],
  keysTitle: 'Clavier',
  keysOff: 'Les lettres seules sont désactivées dans les réglages.',
  keys: {
    open: 'Choisir des fichiers',
    paste: 'Coller des fichiers, un tableau, une recette, un lien ou une commande',
    run: 'Alléger ou entraîner la carte qui a le focus',
    cancel: 'Annuler ce qui est en cours',
    flip: 'Passer d’un résultat à l’autre',
    compare: 'Comparer des résultats',
    download: 'Télécharger le dernier résultat',
    share: 'Partager le dernier résultat',
    report: 'Télécharger son rapport',
    history: 'Historique',
    settings: 'Réglages',
    help: 'Cette liste',
  },
  privacy: 'Confidentialité',
  privacyMore: 'Compteurs, règle et comment vérifier',
  limits: 'Limites',
  limitRows: [
    'Les modèles de plus de 1 Go sont compressés mais pas exécutés\u00a0: le rapport dit alors que l’exactitude n’a pas été mesurée.',
    'La preuve s’exécute sur le processeur. Une carte graphique peut arrondir autrement.',
    'La vitesse est celle de ce navigateur sur cet appareil\u202f; sur un téléphone, elle est autre.',
  ],
  truth: 'Recette et ligne de commande',
  truthRows: [
    'Chaque résultat porte sa recette\u00a0: «\u202fRecette et ligne de commande\u202f», sur sa carte, la montre sous forme de commande, de lien de partage et de JSON.',
    'Chacune des trois formes peut être collée ici, déposée en fichier ou donnée à la ligne de commande. Le même fichier donne alors les mêmes octets.',
  ],
  more: 'Toute la ligne de commande\u00a0: npx plume compress --help',
}
