//! Every message of the pages, in both languages: a message that one lacks does not compile.

macro_rules! messages {
    ($($name:ident: $fr:literal, $en:literal;)+) => {
        /// The messages of one language.
        #[derive(Debug, Clone)]
        pub(crate) struct Text {
            $(pub(crate) $name: &'static str,)+
        }

        /// In French.
        pub(crate) const FR: Text = Text { $($name: $fr,)+ };

        /// In English.
        pub(crate) const EN: Text = Text { $($name: $en,)+ };

        #[cfg(test)]
        const BOTH: &[(&str, &str, &str)] = &[$((stringify!($name), $fr, $en),)+];
    };
}

messages! {
    skip: "Aller au contenu", "Skip to the content";
    main_nav: "Navigation principale", "Main navigation";
    path: "Fil d’Ariane", "Breadcrumb";
    map: "Carte", "Map";
    territories: "Territoires", "Territories";
    data: "Données", "Data";
    api: "API", "API";
    search: "Rechercher", "Search";
    search_what: "Rechercher un lieu, un acteur, un événement", "Search for a place, an actor, an event";
    language: "Langue", "Language";
    other_formats: "Autres formats :", "Other formats:";
    editions: "Éditions", "Editions";
    conformance: "Normes respectées", "Standards kept";
    edition_of: "Édition du", "Edition of";
    sources: "Sources et licences", "Sources and licences";
    accessibility: "Accessibilité", "Accessibility";
    example: "exemple", "example";
    example_notice: "Fiche d’exemple : inventée pour la démonstration, elle ne décrit aucun organisme ni événement réel.", "Example record: made up for demonstration, it describes no real body or event.";
    of_matched: "sur", "of";
    next_page: "Page suivante", "Next page";
    nothing_found: "Rien ne correspond.", "Nothing matches.";
    name: "Nom", "Name";
    kind: "Type", "Kind";
    code: "Code", "Code";
    themes: "Thèmes", "Themes";
    begins: "Début", "Begins";
    address: "Adresse", "Address";
    postcode: "Code postal", "Postal code";
    population: "Habitants", "Inhabitants";
    actor: "acteur", "actor";
    actors: "acteurs", "actors";
    event: "événement", "event";
    events: "événements", "events";
    actors_title: "Acteurs", "Actors";
    events_title: "Événements", "Events";
    area: "Superficie", "Area";
    description: "Description", "Description";
    where_: "Où", "Where";
    see_on_map: "Voir sur la carte", "See on the map";
    local_time: "heure locale,", "local time,";
    cancelled: "annulé", "cancelled";
    organizer: "Organisé par", "Organised by";
    precision: "Précision", "Precision";
    website: "Site web", "Website";
    email: "Courriel", "E-mail";
    telephone: "Téléphone", "Telephone";
    tags: "Mots-clés", "Tags";
    status: "État", "Status";
    updated: "Mis à jour", "Updated";
    source: "Source", "Source";
    licence: "Licence", "Licence";
    identifier: "Identifiant", "Identifier";
    postcodes: "Codes postaux", "Postal codes";
    same_territory: "Même territoire", "Same territory";
    siren: "SIREN", "SIREN";
    wikidata: "Wikidata", "Wikidata";
    osm: "OpenStreetMap", "OpenStreetMap";
    boundary: "Limites", "Boundary";
    valid_at: "Limites au", "Boundary as of";
    facts: "Fiche", "Facts";
    directory: "L’annuaire par thème", "The directory by theme";
    see_all: "Tout voir", "See all";
    coming: "Les prochains événements", "Coming events";
    all_events: "Tous les événements", "All events";
    neighbours: "Territoires voisins", "Neighbouring territories";
    downloads: "Télécharger les données de ce territoire", "Download the data of this territory";
    downloads_help: "Fichiers complets, jamais tronqués. La licence de chaque ligne est dans le fichier.", "Whole files, never cut short. The licence of each row is in the file.";
    picture: "Des communes de plus en plus bleues, les pictogrammes des douze thèmes et, au milieu, un fronton.", "Municipalities in deeper and deeper blue, the icons of the twelve themes and, in the middle, a pediment.";
    tagline: "Les acteurs, les événements et les limites d’un territoire, en données ouvertes.", "The actors, events and boundaries of a territory, as open data.";
    example_territory: "Données de démonstration : les fiches marquées « exemple » sont inventées.", "Demonstration data: the records marked “example” are made up.";
    countries: "Pays", "Countries";
    downloads_all: "Télécharger tout", "Download everything";
    search_help: "Un nom de commune, un code postal, une association, un événement…", "The name of a municipality, a postal code, an association, an event…";
    search_empty: "Rien sous ce nom. Essayez un nom de commune, un code postal ou moins de lettres.", "Nothing of that name. Try the name of a municipality, a postal code or fewer letters.";
    api_lead: "Tout ce que montrent ces pages, par programme : tuiles vectorielles, GeoJSON, CSV, fichiers entiers. Sans clé, ouvert à toute origine. Avec `edition=…`, une réponse ne change plus jamais ; un paramètre inconnu est une erreur 400, qui nomme ceux qui existent. La référence est en anglais.", "All that these pages show, for programs: vector tiles, GeoJSON, CSV, whole files. No key, open to any origin. With `edition=…` an answer never changes again; an unknown parameter is a 400, which names those that there are.";
    to_try: "À essayer", "To try";
    try_lookup: "Les territoires d’un point", "The territories of a point";
    try_filter: "Les communes de plus de 10 000 habitants", "The municipalities of more than 10,000 inhabitants";
    try_within: "Les acteurs d’une commune", "The actors of a municipality";
    try_counts: "Combien d’acteurs par thème et par type", "How many actors by theme and kind";
    try_csv: "Les acteurs d’un thème en CSV", "The actors of a theme as CSV";
    try_events: "Les événements à venir", "Events to come";
    try_tiles: "Des tuiles vectorielles (TileJSON)", "Vector tiles (TileJSON)";
    nothing_here: "Aucun acteur connu ici pour l’instant.", "No actor known here yet.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_is_empty_and_punctuation_is_that_of_the_language() {
        for (name, fr, en) in BOTH {
            assert!(!fr.trim().is_empty() && !en.trim().is_empty(), "{name}");
            assert!(!fr.contains('\'') && !en.contains('\''), "{name}: ’ and not '");
            for mark in [":", ";", "?", "!"] {
                assert!(!en.contains(&format!(" {mark}")), "{name}: no space before {mark} in English");
            }
        }
    }
}
