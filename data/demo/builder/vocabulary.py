"""The words the example actors and events are made of. Invented on purpose: no real body, no person."""

from __future__ import annotations

from typing import NamedTuple


class Recipe(NamedTuple):
    """One sort of example actor: what it is called, its kind, a sentence, its free tags."""

    noun: str
    kind: str
    sentence: str
    tags: tuple[str, ...]


THEMES = ("food", "health", "waste", "transport", "education", "citizen", "economy", "energy", "culture",
          "environment", "numeric", "sport")

ACTORS: dict[str, tuple[Recipe, ...]] = {
    "food": (
        Recipe("Jardin partagé", "place", "un jardin cultivé par les habitants, ouvert à qui veut planter", ("Jardin partagé", "potager")),
        Recipe("AMAP", "association", "des paniers de légumes de saison, distribués chaque semaine", ("AMAP", "circuit court", "agriculture")),
        Recipe("Épicerie participative", "business", "une épicerie tenue par ses clients", ("épicerie", "Circuit court", "vrac")),
        Recipe("Cantine", "business", "des repas de saison cuisinés sur place", ("cuisine", "alimentation")),
        Recipe("Marché paysan", "place", "les producteurs des environs, une fois par semaine", ("marché", "producteurs", "Alimentation")),
        Recipe("Verger commun", "project", "planter des fruitiers que chacun pourra cueillir", ("verger", "Agriculture", "commun")),
        Recipe("Réseau des cantines", "group", "des cuisines collectives qui achètent ensemble", ("alimentation", "réseau")),
    ),
    "health": (
        Recipe("Maison de santé", "place", "des soignants réunis sous un même toit", ("santé", "soins")),
        Recipe("Café des aidants", "group", "un rendez-vous pour souffler et parler entre aidants", ("Santé", "entraide", "aidants")),
        Recipe("Bouger pour sa santé", "project", "des marches douces prescrites et accompagnées", ("santé", "prévention", "sport-santé")),
        Recipe("Pharmacie solidaire", "association", "collecter et orienter, sans jamais vendre", ("sante", "solidarité")),
        Recipe("Centre de prévention", "public_body", "informer, dépister, accompagner", ("prévention", "SANTÉ")),
    ),
    "waste": (
        Recipe("Ressourcerie", "business", "des objets réparés et revendus à petit prix", ("ressourcerie", "réemploi", "Déchets")),
        Recipe("Repair Café", "association", "réparer ensemble au lieu de jeter", ("repair café", "réparation", "zéro déchet")),
        Recipe("Composteur de quartier", "place", "les épluchures du quartier y deviennent terreau", ("compost", "déchets", "biodéchets")),
        Recipe("Point de tri", "place", "verre, papier, textile et petits appareils", ("tri", "recyclage")),
        Recipe("Zéro déchet", "project", "un an de défis pour alléger les poubelles", ("Zéro déchet", "zero dechet", "défi")),
        Recipe("Régie de collecte", "public_body", "le service qui ramasse et qui trie", ("collecte", "dechets")),
    ),
    "transport": (
        Recipe("Atelier vélo", "association", "apprendre à réparer son vélo avec des outils partagés", ("vélo", "Vélo", "réparation")),
        Recipe("Vélo-école", "association", "remonter en selle à tout âge", ("vélo", "apprentissage", "mobilité")),
        Recipe("Aire de covoiturage", "place", "laisser sa voiture et partir à plusieurs", ("covoiturage", "mobilité")),
        Recipe("Pédibus", "project", "aller à l'école à pied, en file joyeuse", ("pédibus", "École", "marche")),
        Recipe("Régie des mobilités", "public_body", "bus, navettes et pistes cyclables", ("transport", "Mobilité", "bus")),
        Recipe("Coopérative d'autopartage", "business", "quelques voitures pour tout un quartier", ("autopartage", "coopérative", "ESS")),
    ),
    "education": (
        Recipe("Bibliothèque de rue", "project", "des livres sur une couverture, au pied des immeubles", ("lecture", "éducation", "enfance")),
        Recipe("Ludothèque", "place", "jouer sur place ou emporter", ("jeux", "ludothèque", "Enfance")),
        Recipe("Université populaire", "association", "des cours gratuits, sans diplôme à l'entrée", ("éducation populaire", "Education populaire", "savoirs")),
        Recipe("Aide aux devoirs", "group", "des bénévoles et des élèves, deux soirs par semaine", ("soutien scolaire", "éducation")),
        Recipe("Maison de l'enfance", "public_body", "accueil de loisirs et éveil", ("petite enfance", "périscolaire")),
        Recipe("École de cirque", "business", "jonglage, équilibre et confiance", ("cirque", "éducation", "jeunesse")),
    ),
    "citizen": (
        Recipe("Conseil de quartier", "group", "habitants et voisins décident ensemble", ("démocratie", "quartier", "citoyenneté")),
        Recipe("Maison des associations", "public_body", "des salles, une adresse et des conseils", ("associations", "vie associative")),
        Recipe("Budget participatif", "project", "les habitants proposent, votent et suivent", ("budget participatif", "Démocratie", "participation")),
        Recipe("Café citoyen", "association", "débattre autour d'un verre, sans tribune", ("citoyenneté", "débat", "café associatif")),
        Recipe("Accorderie", "association", "une heure donnée vaut une heure reçue", ("entraide", "échange", "Citoyenneté")),
        Recipe("Maison des voisins", "place", "une clé, une cuisine, un agenda partagé", ("voisins", "lien social")),
    ),
    "economy": (
        Recipe("Coopérative", "business", "une entreprise qui appartient à ceux qui y travaillent", ("SCOP", "coopérative", "ESS")),
        Recipe("Monnaie locale", "project", "une monnaie qui reste au pays", ("monnaie locale", "économie sociale et solidaire")),
        Recipe("Pépinière d'entreprises", "public_body", "des bureaux et des conseils pour démarrer", ("entreprise", "emploi")),
        Recipe("Club des artisans", "group", "métiers d'art et savoir-faire du coin", ("artisanat", "Économie", "metiers")),
        Recipe("Boutique partagée", "business", "dix créateurs, une vitrine", ("boutique", "créateurs", "économie")),
        Recipe("Tiers-lieu", "place", "un lieu pour travailler, fabriquer et se retrouver", ("tiers-lieux", "Tiers lieu", "TiersLieux", "coworking")),
    ),
    "energy": (
        Recipe("Centrale villageoise", "business", "du solaire sur les toits, financé par les voisins", ("solaire", "énergie citoyenne", "Énergie")),
        Recipe("Espace info énergie", "public_body", "des conseils gratuits pour rénover", ("rénovation", "energie", "conseil")),
        Recipe("Défi des foyers sobres", "project", "baisser sa consommation, en équipe", ("sobriété", "énergie", "climat")),
        Recipe("Collectif pour le climat", "group", "agir ici pour un climat vivable", ("climat", "Climat", "transition")),
        Recipe("Bois-énergie", "association", "une filière courte pour se chauffer", ("bois", "énergie", "forêt")),
        Recipe("Ombrière solaire", "place", "de l'ombre en dessous, du courant au-dessus", ("solaire", "énergie")),
    ),
    "culture": (
        Recipe("Ciné-club", "association", "un film, un débat, un gâteau", ("cinéma", "culture", "Ciné-club")),
        Recipe("Fanfare", "group", "des cuivres et de la bonne humeur", ("musique", "fanfare", "Culture")),
        Recipe("Théâtre", "place", "une scène, des gradins, un rideau rouge", ("théâtre", "spectacle vivant")),
        Recipe("Librairie", "business", "des livres choisis et des rencontres", ("livres", "librairie", "lecture")),
        Recipe("Fresques au mur", "project", "peindre les murs gris avec ceux qui passent devant", ("art urbain", "fresque", "culture")),
        Recipe("Médiathèque", "public_body", "lire, écouter, regarder, rencontrer", ("médiathèque", "lecture publique", "Mediatheque")),
        Recipe("Chorale", "association", "chanter sans savoir lire la musique", ("chant", "chorale", "musique")),
    ),
    "environment": (
        Recipe("Sentinelles de la rivière", "group", "observer l'eau, saison après saison", ("rivière", "eau", "Biodiversité")),
        Recipe("Refuge à oiseaux", "place", "nichoirs, mares et silence", ("oiseaux", "biodiversité", "refuge")),
        Recipe("Pépinière", "business", "des plants d'ici, sans chimie", ("plants", "pépinière", "biodiversite")),
        Recipe("Planter une haie", "project", "un kilomètre de haie chaque hiver", ("haie", "arbres", "Environnement")),
        Recipe("Ruches collectives", "association", "quelques ruches et beaucoup de curieux", ("abeilles", "apiculture", "environnement")),
        Recipe("Maison de la nature", "public_body", "sorties, expositions et conseils", ("nature", "environnement", "éducation à l'environnement")),
    ),
    "numeric": (
        Recipe("Fablab", "place", "imprimer, découper, programmer, recommencer", ("fablab", "FabLab", "numérique")),
        Recipe("Atelier du logiciel libre", "association", "installer, comprendre et partager", ("logiciel libre", "Logiciels libres", "numérique")),
        Recipe("Espace public numérique", "public_body", "des ordinateurs et quelqu'un pour aider", ("EPN", "inclusion numérique", "Numérique")),
        Recipe("Carte ouverte", "project", "cartographier le quartier tous ensemble", ("cartographie", "données ouvertes", "open data")),
        Recipe("Hébergeur coopératif", "business", "des services en ligne sans publicité", ("hébergement", "numérique libre", "ESS")),
        Recipe("Collectif des codeuses et codeurs", "group", "apprendre à programmer entre pairs", ("code", "numerique", "entraide")),
    ),
    "sport": (
        Recipe("Club omnisports", "association", "du judo à la pétanque, pour tous les âges", ("sport", "club", "Sport")),
        Recipe("Gymnase", "place", "parquet, paniers et vestiaires", ("gymnase", "sport", "équipement")),
        Recipe("Randonneurs", "group", "chaque dimanche un autre sentier", ("randonnée", "Randonnée", "marche")),
        Recipe("Sport pour toutes et tous", "project", "des créneaux ouverts et sans licence", ("sport", "handisport", "inclusion")),
        Recipe("Salle d'escalade", "business", "des voies faciles et d'autres moins", ("escalade", "sport")),
        Recipe("Service des sports", "public_body", "stades, piscines et bourses aux licences", ("sports", "service public")),
    ),
}

QUALIFIERS = (
    "des Tilleuls", "du Vieux Pont", "de la Fontaine", "des Quatre Vents", "du Moulin", "des Coquelicots", "de l'Étang",
    "des Hirondelles", "du Grand Chêne", "de la Source", "des Peupliers", "du Lavoir", "des Lucioles", "de la Halle",
    "des Noisetiers", "du Canal", "de la Gare", "des Mésanges", "du Belvédère", "des Acacias", "de la Clairière",
    "du Soleil levant", "des Cerisiers", "de l'Ancienne École", "des Glycines", "du Petit Bois", "des Remparts",
    "de la Passerelle", "des Érables", "du Beffroi", "des Trois Collines", "de la Prairie", "du Ruisseau",
    "des Alouettes", "de l'Écluse", "du Carrefour", "des Bleuets", "de la Grange", "des Genêts", "du Rond-Point",
    "des Platanes", "de la Tour", "du Phare", "des Marronniers", "de l'Horloge", "des Vignes", "du Pré vert",
    "des Sureaux", "de la Colline", "du Faubourg", "des Lilas", "de l'Aubépine", "des Jonquilles", "du Kiosque",
    "des Roseaux", "de la Place ronde", "du Bout du monde", "des Pas pressés", "de la Belle Étoile", "des Coccinelles",
)
ISLAND_QUALIFIERS = (
    "des Filaos", "des Vacoas", "des Flamboyants", "du Tamarin", "des Paille-en-queue", "de la Ravine", "des Letchis",
    "du Piton", "de l'Îlet", "des Hauts", "du Lagon", "des Badamiers", "de la Canne", "des Géraniums", "du Vétiver",
    "des Alizés", "de la Case créole", "des Bougainvilliers", "du Barachois", "des Manguiers", "de la Mer", "du Bambou",
    "des Frangipaniers", "de la Source chaude", "des Palmistes", "du Papangue", "des Combavas", "de l'Étoile du Sud",
)
STREETS = ("rue des Exemples", "rue de la Fontaine", "place du Marché", "chemin des Écoliers", "avenue de la Gare",
           "rue du Moulin", "place de la Mairie", "impasse des Lilas", "rue des Jardins", "allée des Platanes",
           "chemin du Lavoir", "rue Haute", "rue Basse", "quai du Canal", "boulevard du Parc")
MORE_TAGS = ("bénévolat", "Bénévolat", "ESS", "quartier", "transition", "Développement durable", "développement durable",
             "solidarité", "intergénérationnel", "jeunesse", "convivialité", "ruralité", "accès libre")

# Second themes that go well with a first one.
NEIGHBOUR_THEMES: dict[str, tuple[str, ...]] = {
    "food": ("environment", "economy", "health"), "health": ("sport", "citizen", "food"),
    "waste": ("environment", "economy", "citizen"), "transport": ("energy", "environment", "sport"),
    "education": ("culture", "numeric", "citizen"), "citizen": ("culture", "numeric", "education"),
    "economy": ("citizen", "numeric", "food"), "energy": ("environment", "economy", "transport"),
    "culture": ("education", "citizen", "economy"), "environment": ("energy", "education", "food"),
    "numeric": ("education", "economy", "citizen"), "sport": ("health", "education", "environment"),
}

# Events: type → titles with their first theme.
EVENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "competition": (("Course des deux clochers", "sport"), ("Tournoi de pétanque", "sport"), ("Défi robots", "numeric")),
    "concert": (("Concert de la fanfare", "culture"), ("Bal des voisins", "culture"), ("Soirée maloya et valse", "culture")),
    "contest": (("Concours de soupes", "food"), ("Concours de nichoirs", "environment"), ("Concours photo du quartier", "culture")),
    "exhibition": (("Exposition : l'eau d'ici", "environment"), ("Exposition de cartes anciennes", "culture"), ("Expo climat", "energy")),
    "festival": (("Festival des possibles", "citizen"), ("Fête de la transition", "energy"), ("Festival du vélo", "transport")),
    "getTogether": (("Apéro des voisins", "citizen"), ("Pique-nique partagé", "food"), ("Café des aidants", "health")),
    "market": (("Marché paysan", "food"), ("Vide-grenier", "waste"), ("Marché des créateurs", "economy")),
    "meeting": (("Assemblée des habitants", "citizen"), ("Réunion du budget participatif", "citizen"), ("Point mobilité", "transport")),
    "course": (("Cours de couture", "waste"), ("Vélo-école du samedi", "transport"), ("Gym douce", "health")),
    "workshop": (("Atelier compost", "waste"), ("Atelier réparation", "waste"), ("Cartopartie", "numeric"), ("Atelier pain", "food")),
    "conference": (("Conférence : rénover sans se ruiner", "energy"), ("Rencontre santé", "health"), ("Conférence sur les abeilles", "environment")),
    "debate": (("Débat : l'école de demain", "education"), ("Débat mouvant", "citizen"), ("Parlons travail", "economy")),
    "film": (("Ciné en plein air", "culture"), ("Ciné-débat", "citizen"), ("Courts métrages d'élèves", "education")),
    "stand": (("Stand du tri", "waste"), ("Forum des associations", "citizen"), ("Stand vélo", "transport")),
    "crowdfunding": (("Lancement de la cagnotte du verger", "food"), ("Cagnotte pour la ruche", "environment"), ("Cagnotte du fablab", "numeric")),
    "others": (("Journée portes ouvertes", "education"), ("Nettoyage de la rivière", "environment"), ("Don du sang", "health")),
}
VENUES = ("Place du Marché", "Salle des fêtes", "Kiosque à musique", "Médiathèque", "Halle couverte", "Parc de la Fontaine",
          "Préau de l'école", "Maison des associations", "Berges du canal", "Stade des Tilleuls")
