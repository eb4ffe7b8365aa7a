//! What is in a tile, by another's reader.

use mvt_reader::Reader;
use mvt_reader::feature::Value;

/// A layer of a tile.
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) features: Vec<Feature>,
}

/// A feature without its geometry.
pub(crate) struct Feature {
    /// 0 where there is none.
    pub(crate) id: u64,
    pub(crate) properties: std::collections::HashMap<String, Value>,
}

/// The layers of a tile that is not compressed, in their order.
pub(crate) fn layers(tile: &[u8]) -> Vec<Layer> {
    let reader = Reader::new(tile.to_vec()).unwrap();
    let layers = reader.get_layer_metadata().unwrap();
    let features = |index: usize| {
        let features = reader.get_features(index).unwrap().into_iter();
        features.map(|f| Feature { id: f.id.unwrap_or(0), properties: f.properties.unwrap_or_default() }).collect()
    };
    layers.into_iter().map(|l| Layer { features: features(l.layer_index), name: l.name }).collect()
}

/// A whole number of a feature; 0 when it is not there.
pub(crate) fn number(feature: &Feature, name: &str) -> i64 {
    match feature.properties.get(name) {
        None => 0,
        Some(Value::UInt(number)) => i64::try_from(*number).unwrap(),
        Some(Value::Int(number) | Value::SInt(number)) => *number,
        Some(other) => panic!("{name} is {other:?}"),
    }
}
