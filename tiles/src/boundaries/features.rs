//! What features say: prepared once, written into every tile they touch.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use parvis_model::{AdminLevel, AdminUnit, TileCoord, Topology, UnitId, World, mvt_id};

use super::chains::Network;
use super::mesh::{Sides, Step};
use super::zoom::{Arcs, Batch};
use crate::encode::RingKind;
use crate::{PropertyValue, TilesError};

/// A field and its value.
pub(super) type Property = (Cow<'static, str>, PropertyValue);

/// A feature: its id and properties. Lines have no id: they are not looked up, and a hash of eight bytes
/// that no compression shrinks would be a fifth of the layer.
pub(super) struct Feature {
    pub(super) id: Option<u64>,
    pub(super) level: AdminLevel,
    pub(super) properties: Vec<Property>,
}

/// The label point of a unit.
pub(super) struct Label {
    pub(super) at: World,
    pub(super) level: AdminLevel,
    /// 1 is the most important of all.
    pub(super) rank: u32,
    /// Position in the list of units.
    pub(super) feature: u32,
}

/// The features of all layers.
pub(super) struct Features {
    /// Units, strongest level first, then by id: the order of drawing.
    units: Vec<Feature>,
    lines: Vec<Feature>,
    /// By arc: its line's feature and whether it is walked backwards.
    line_of_arc: Vec<Option<(u32, bool)>>,
    /// In Morton order.
    labels: Vec<Label>,
}

impl Features {
    /// The units that are drawn, with their names in some languages, and the lines of a topology.
    pub(super) fn new(units: &[AdminUnit], topology: &Topology, languages: &[String]) -> Result<Self, TilesError> {
        let drawn = drawn(units);
        check_ids(&drawn)?;
        let mut by_importance: Vec<u32> = (0..drawn.len() as u32).collect();
        by_importance.sort_by_key(|&i| {
            let unit = drawn[i as usize];
            (unit.level, std::cmp::Reverse(unit.population.unwrap_or(0)), &unit.id)
        });
        let mut labels: Vec<Label> = (1..)
            .zip(&by_importance)
            .filter_map(|(rank, &feature)| {
                let unit = drawn[feature as usize];
                Some(Label { at: unit.label?.to_world(), level: unit.level, rank, feature })
            })
            .collect();
        labels.sort_by_key(|l| (l.at.morton(), l.rank));
        let (lines, line_of_arc) = lines(topology);
        Ok(Self { units: drawn.into_iter().map(|u| unit_feature(u, languages)).collect(), lines, line_of_arc, labels })
    }

    pub(super) fn unit(&self, feature: u32) -> &Feature {
        &self.units[feature as usize]
    }

    pub(super) fn line(&self, feature: u32) -> &Feature {
        &self.lines[feature as usize]
    }

    /// The labels in a tile, half-open.
    pub(super) fn labels_in(&self, tile: TileCoord) -> &[Label] {
        let range = tile.morton_range();
        let from = self.labels.partition_point(|l| u128::from(l.at.morton()) < range.start);
        let to = self.labels.partition_point(|l| u128::from(l.at.morton()) < range.end);
        &self.labels[from..to]
    }

    /// The id and properties of a label.
    pub(super) fn label(&self, label: &Label) -> (Option<u64>, Vec<Property>) {
        let unit = self.unit(label.feature);
        let mut properties = unit.properties.clone();
        properties.push(("rank".into(), PropertyValue::Integer(i64::from(label.rank))));
        (unit.id, properties)
    }

    /// Whether two arcs belong to different lines.
    pub(super) fn apart(&self, a: u32, b: u32) -> bool {
        let line = |arc: u32| self.line_of_arc[arc as usize].map(|l| l.0);
        line(a) != line(b)
    }

    /// The lines of a zoom: along every chain, the arcs that separate the same units as one line.
    pub(super) fn draw_lines(&self, network: &Network, arcs: &Arcs, z: u8) -> Batch {
        let mut runs: BTreeMap<u32, Vec<(Vec<Step>, bool)>> = BTreeMap::new();
        for chain in &network.chains {
            let oriented = chain.steps.iter().filter_map(|&(arc, backwards)| {
                let (line, swap) = self.line_of_arc[arc as usize]?;
                (first_line_zoom(self.lines[line as usize].level) <= z).then_some((
                    line,
                    (arc, backwards),
                    swap != backwards,
                ))
            });
            let oriented: Vec<_> = oriented.collect();
            for run in oriented.chunk_by(|a, b| (a.0, a.2) == (b.0, b.2)) {
                let (line, _, turn) = run[0];
                let mut steps: Vec<Step> = run.iter().map(|r| r.1).collect();
                if turn {
                    steps.reverse();
                    for (_, backwards) in &mut steps {
                        *backwards = !*backwards;
                    }
                }
                // The vertex where a closed chain begins may be simplified away like any other.
                let around = chain.closed && run.len() == chain.steps.len();
                runs.entry(line).or_default().push((steps, around));
            }
        }
        let mut batch = Batch::default();
        for (line, paths) in runs {
            for (steps, around) in paths {
                let from = batch.points.len();
                arcs.walk(&steps, &mut batch.points);
                if let (true, Some(&first)) = (around, batch.points.get(from)) {
                    batch.points.push(first);
                }
                batch.end_part(line, RingKind::Exterior, 2);
            }
        }
        batch
    }
}

/// The first zoom of a level's lines. The 9,000 borders of municipalities in a tile of zoom 7 do not fit
/// beside their polygons: lines of the two smallest levels begin one zoom after these.
fn first_line_zoom(level: AdminLevel) -> u8 {
    level.first_zoom() + u8::from(level >= AdminLevel::Municipality)
}

/// The units with a boundary, in the order of [`Features`].
fn drawn(units: &[AdminUnit]) -> Vec<&AdminUnit> {
    let mut drawn: Vec<&AdminUnit> = units.iter().filter(|u| u.status.has_boundary()).collect();
    drawn.sort_by(|a, b| (a.level, &a.id).cmp(&(b.level, &b.id)));
    drawn
}

/// The number of every unit that is drawn.
pub(super) fn numbers(units: &[AdminUnit]) -> HashMap<&UnitId, u32> {
    drawn(units).into_iter().zip(0..).map(|(unit, i)| (&unit.id, i)).collect()
}

fn check_ids(drawn: &[&AdminUnit]) -> Result<(), TilesError> {
    let mut ids: Vec<(u64, &UnitId)> = drawn.iter().map(|u| (mvt_id(u.id.as_str()), &u.id)).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|w| w[0].0 == w[1].0) {
        Some(w) => Err(TilesError::IdCollision(w[0].1.clone(), w[1].1.clone())),
        None => Ok(()),
    }
}

fn unit_feature(unit: &AdminUnit, languages: &[String]) -> Feature {
    let mut properties: Vec<Property> = vec![("id".into(), unit.id.as_str().into())];
    if !unit.code.is_empty() {
        properties.push(("code".into(), unit.code.as_str().into()));
    }
    properties.push(("name".into(), unit.name.as_str().into()));
    for language in languages {
        if let Some(name) = unit.name_in(language).filter(|name| *name != unit.name) {
            properties.push((format!("name_{language}").into(), name.into()));
        }
    }
    properties.push(("level".into(), i64::from(unit.level.rank()).into()));
    for level in AdminLevel::ALL.into_iter().filter(|l| *l != unit.level) {
        if let Some(above) = unit.ancestors.get(level) {
            properties.push((level.id_field().into(), above.as_str().into()));
        }
    }
    if let Some(population) = unit.population {
        properties.push(("population".into(), (population as i64).into()));
    }
    Feature { id: Some(mvt_id(unit.id.as_str())), level: unit.level, properties }
}

fn lines(topology: &Topology) -> (Vec<Feature>, Vec<Option<(u32, bool)>>) {
    let mut arcs_of: BTreeMap<Sides, Vec<(u32, bool)>> = BTreeMap::new();
    for line in &topology.lines {
        let (sides, swap) = Sides::of(topology, line);
        arcs_of.entry(sides).or_default().push((line.arc, swap));
    }
    let mut line_of_arc = vec![None; topology.arcs.len()];
    let mut features = Vec::with_capacity(arcs_of.len());
    for (sides, arcs) in arcs_of {
        for (arc, swap) in arcs {
            line_of_arc[arc as usize] = Some((features.len() as u32, swap));
        }
        features.push(line_feature(&sides));
    }
    (features, line_of_arc)
}

fn line_feature(sides: &Sides) -> Feature {
    let mut properties: Vec<Property> = vec![("level".into(), i64::from(sides.level.rank()).into())];
    for (field, id) in [("left_id", &sides.left), ("right_id", &sides.right)] {
        if let Some(id) = id {
            properties.push((field.into(), id.as_str().into()));
        }
    }
    properties.push(("maritime".into(), sides.maritime.into()));
    properties.push(("disputed".into(), sides.disputed.into()));
    Feature { id: None, level: sides.level, properties }
}
