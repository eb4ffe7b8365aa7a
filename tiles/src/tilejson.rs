//! The tilesets, their layers and fields, and TileJSON 3.0.
//!
//! Spec: <https://github.com/mapbox/tilejson-spec/tree/master/3.0.0>

use std::collections::BTreeMap;

use parvis_model::{AdminLevel, themes};
use serde::{Deserialize, Serialize};

use crate::heat;
use crate::points::{Layer, MAX_POINT_ZOOM};

/// The deepest zoom of boundary tiles; clients overzoom.
pub const MAX_BOUNDARY_ZOOM: u8 = 12;

/// Named tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tileset {
    /// The six levels: polygons, lines, labels. Built once an edition.
    Boundaries,
    /// Actors, made on request.
    Actors,
    /// Events, made on request.
    Events,
    /// Actors and events counted by H3 cells, made on request.
    Heat,
    /// All of them in one.
    Territory,
}

impl Tileset {
    /// All tilesets, in the order they are listed.
    pub const ALL: [Self; 5] = [Self::Boundaries, Self::Actors, Self::Events, Self::Heat, Self::Territory];

    /// The name in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boundaries => "boundaries",
            Self::Actors => "actors",
            Self::Events => "events",
            Self::Heat => "heat",
            Self::Territory => "territory",
        }
    }

    /// The tileset of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The deepest zoom that has tiles; the first is 0.
    pub const fn max_zoom(self) -> u8 {
        match self {
            Self::Boundaries | Self::Territory => MAX_BOUNDARY_ZOOM,
            Self::Actors | Self::Events | Self::Heat => MAX_POINT_ZOOM,
        }
    }

    /// The layers with their zooms and fields; units have names in `languages` besides.
    pub fn vector_layers(self, languages: &[String]) -> Vec<VectorLayer> {
        let layers: Vec<VectorLayer> = match self {
            Self::Boundaries => boundary_layers(languages),
            Self::Actors => point_layers(Layer::ACTORS, ACTOR_FIELDS),
            Self::Events => point_layers(Layer::EVENTS, EVENT_FIELDS),
            Self::Heat => vec![heat_layer()],
            Self::Territory => {
                let all = [Self::Boundaries, Self::Heat, Self::Actors, Self::Events].into_iter();
                all.flat_map(|tileset| tileset.vector_layers(languages)).collect()
            }
        };
        let deepest = self.max_zoom();
        layers.into_iter().map(|layer| VectorLayer { maxzoom: layer.maxzoom.min(deepest), ..layer }).collect()
    }
}

/// One layer of a tileset, as in `vector_layers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VectorLayer {
    /// Its name in the tiles.
    pub id: String,
    /// What it holds, in English.
    pub description: String,
    /// The first zoom at which it has features.
    pub minzoom: u8,
    /// The deepest zoom that has tiles.
    pub maxzoom: u8,
    /// Field names with what they hold.
    pub fields: BTreeMap<String, String>,
}

impl VectorLayer {
    fn new(id: &str, description: &str, minzoom: u8, maxzoom: u8, fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|&(name, what)| (name.to_owned(), what.to_owned())).collect();
        Self { id: id.to_owned(), description: description.to_owned(), minzoom, maxzoom, fields }
    }
}

/// TileJSON 3.0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TileJson {
    /// `3.0.0`.
    pub tilejson: String,
    /// URL templates with `{z}`, `{x}`, `{y}`.
    pub tiles: Vec<String>,
    /// The layers.
    pub vector_layers: Vec<VectorLayer>,
    /// Title.
    pub name: String,
    /// Who made the data, by source.
    pub attribution: String,
    /// `xyz`.
    pub scheme: String,
    /// First zoom.
    pub minzoom: u8,
    /// Deepest zoom.
    pub maxzoom: u8,
    /// `[west, south, east, north]` in degrees.
    pub bounds: [f64; 4],
    /// Longitude, latitude, zoom to start at.
    pub center: [f64; 3],
}

impl TileJson {
    /// The description of a tileset. `languages`: of units' names; `center`: longitude, latitude, zoom, kept within
    /// bounds and zooms.
    pub fn new(
        (tileset, languages): (Tileset, &[String]),
        name: &str,
        attribution: &str,
        url: &str,
        bounds: [f64; 4],
        [lon, lat, zoom]: [f64; 3],
    ) -> Self {
        let [west, south, east, north] = bounds;
        let inside = |v: f64, least: f64, most: f64| if least <= most { v.clamp(least, most) } else { v };
        Self {
            tilejson: "3.0.0".to_owned(),
            tiles: vec![url.to_owned()],
            vector_layers: tileset.vector_layers(languages),
            name: name.to_owned(),
            attribution: attribution.to_owned(),
            scheme: "xyz".to_owned(),
            minzoom: 0,
            maxzoom: tileset.max_zoom(),
            bounds,
            center: [
                inside(lon, west, east),
                inside(lat, south, north),
                zoom.clamp(0.0, f64::from(tileset.max_zoom())),
            ],
        }
    }
}

const UNIT_FIELDS: &[(&str, &str)] = &[
    ("id", "Stable identifier"),
    ("code", "Official code"),
    ("name", "Name"),
    ("level", "Rank, 1 (country) to 6 (neighbourhood)"),
    ("population", "Inhabitants"),
];

/// What a point of `actors` has.
pub const ACTOR_FIELDS: &[(&str, &str)] = &[
    ("id", "Stable identifier"),
    ("kind", "association, business, group, public_body, project or place"),
    ("name", "Name"),
    ("theme", "Leading theme"),
    ("themes", "All themes: |food|energy|"),
    ("example", "Made up for demonstration"),
];

/// What a point of `events` has.
pub const EVENT_FIELDS: &[(&str, &str)] = &[
    ("id", "Stable identifier"),
    ("kind", "One of the sixteen event types"),
    ("name", "Name"),
    ("theme", "Leading theme"),
    ("themes", "All themes: |food|energy|"),
    ("start", "Begins, UTC"),
    ("end", "Ends, UTC, exclusive"),
    ("example", "Made up for demonstration"),
];

fn boundary_layers(languages: &[String]) -> Vec<VectorLayer> {
    let deepest = MAX_BOUNDARY_ZOOM;
    let mut layers: Vec<VectorLayer> = AdminLevel::ALL
        .into_iter()
        .map(|level| {
            let name = level.collection().name();
            let mut layer = VectorLayer::new(name, "Polygons", level.first_zoom(), deepest, UNIT_FIELDS);
            layer.add_names(languages);
            layer.add_ancestors(|above| above < level);
            layer
        })
        .collect();
    layers.push(VectorLayer::new(
        "boundary_lines",
        "Borders, each once",
        0,
        deepest,
        &[
            ("level", "Rank of the strongest level that the line bounds"),
            ("left_id", "Unit of that level to the left of the line's direction"),
            ("right_id", "Unit of that level to the right"),
            ("maritime", "At sea"),
            ("disputed", "Not agreed by both sides"),
        ],
    ));
    let mut labels = VectorLayer::new("admin_labels", "One point a unit", 0, deepest, UNIT_FIELDS);
    labels.add_names(languages);
    labels.add_ancestors(|above| above < AdminLevel::Neighbourhood);
    labels.fields.insert("rank".to_owned(), "The smaller, the more important".to_owned());
    layers.push(labels);
    layers
}

impl VectorLayer {
    fn add_names(&mut self, languages: &[String]) {
        let field = |l: &String| (format!("name_{l}"), format!("Name in the language {l}, when different"));
        self.fields.extend(languages.iter().map(field));
    }

    fn add_themes(&mut self) {
        for theme in themes() {
            self.fields.insert(format!("theme_{}", theme.code), format!("How many have the theme {}", theme.en));
        }
    }

    fn add_ancestors(&mut self, wanted: impl Fn(AdminLevel) -> bool) {
        for level in AdminLevel::ALL.into_iter().filter(|l| wanted(*l)) {
            self.fields.insert(level.id_field().to_owned(), format!("The {} it lies in", level.prefix()));
        }
    }
}

fn heat_layer() -> VectorLayer {
    let fields = [
        ("id", "H3 index of the cell, hexadecimal"),
        ("count", "How many actors and events lie in it"),
        ("actors", "How many of them are actors"),
        ("events", "How many of them are events"),
    ];
    let mut layer =
        VectorLayer::new(heat::LAYER, "H3 cells; the resolution follows the zoom", 0, MAX_POINT_ZOOM, &fields);
    layer.add_themes();
    layer
}

fn point_layers(layer: Layer, fields: &[(&str, &str)]) -> Vec<VectorLayer> {
    let mut clusters = VectorLayer::new(
        layer.clusters,
        "Points too close to stand alone",
        0,
        MAX_POINT_ZOOM,
        &[
            ("count", "How many"),
            ("expansion_zoom", "The first zoom at which they part"),
            ("sample_id", "Identifier of one of them"),
        ],
    );
    clusters.add_themes();
    vec![VectorLayer::new(layer.points, "Points on their own", 0, MAX_POINT_ZOOM, fields), clusters]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tilesets_go_by_their_name_and_layers_are_unique() {
        for tileset in Tileset::ALL {
            assert_eq!(Tileset::from_name(tileset.name()), Some(tileset));
            let layers = tileset.vector_layers(&[]);
            for (i, layer) in layers.iter().enumerate() {
                assert!(layers[..i].iter().all(|l| l.id != layer.id), "{} twice", layer.id);
                assert!(layer.minzoom <= layer.maxzoom && layer.maxzoom <= tileset.max_zoom());
            }
        }
        assert_eq!(Tileset::from_name("WebMercatorQuad"), None);
        assert_eq!(Tileset::Territory.vector_layers(&[]).len(), 13);
    }

    #[test]
    fn the_description_is_tilejson_3() {
        let json = TileJson::new(
            (Tileset::Boundaries, &["br".to_owned()]),
            "France",
            "IGN",
            "/tiles/boundaries/{z}/{x}/{y}",
            [-5.0, 41.0, 10.0, 51.0],
            [2.5, 60.0, 15.0],
        );
        let value = serde_json::to_value(&json).unwrap();
        assert_eq!(value["tilejson"], "3.0.0");
        assert_eq!(value["center"], serde_json::json!([2.5, 51.0, 12.0]), "kept inside");
        assert_eq!(value["vector_layers"][4]["id"], "municipalities");
        assert_eq!(value["vector_layers"][4]["minzoom"], 7);
        let fields = value["vector_layers"][4]["fields"].as_object().unwrap();
        assert!(
            fields.contains_key("department_id")
                && fields.contains_key("name_br")
                && !fields.contains_key("municipality_id")
        );
        assert_eq!(serde_json::from_value::<TileJson>(value).unwrap(), json);
    }
}
