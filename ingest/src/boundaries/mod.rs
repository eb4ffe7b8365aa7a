//! Administrative boundaries from an OSM PBF file: units, and the mesh of arcs they share.
//!
//! ```text
//! select   relations, their ways, their nodes          least reading, DESIGN 6.1
//! noding   ways that meet without a common node         get one: the mesh is planar
//! mesh     ways cut into arcs                           one mesh for all levels, from node ids
//! outline  arcs of a relation → rings → polygons        half-edge walk, depth parity; nothing is closed by force
//! derive   members → unit                               where a unit has no whole outline and its members have
//! merge    arcs joined, shapes, lines                   the topology that the tiler takes
//! units    tags → fields
//! ```

#[cfg(test)]
mod country_tests;
mod derive;
mod foreign;
#[cfg(test)]
mod hostile_tests;
mod measure;
mod merge;
mod mesh;
mod nest;
mod noding;
mod outline;
mod pole;
mod relation;
mod report;
mod rings;
mod select;
mod sliver;
#[cfg(test)]
mod testdata;
#[cfg(test)]
mod tests;
mod units;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use foldhash::fast::RandomState;
use geo::Contains;
use parvis_model::{
    AdminLevel, AdminUnit, CountryRules, Issue, IssueCode, Mapped, Progress, Source, SourceReport, Topology, UnitId,
};
use rayon::prelude::*;

use crate::osm_pbf::{PbfFile, ReadError};
pub use derive::Membership;
use derive::Outlines;
use foreign::Home;
pub(crate) use measure::label;
use merge::Bounded;
use mesh::Mesh;
use outline::Outline;
use relation::Relation;
use select::{Place, Selected};

/// What a boundary file holds.
#[derive(Debug, Clone, Default)]
pub struct Boundaries {
    /// By level, then id. Ancestors are not set yet: see [`crate::hierarchy::assign`].
    pub units: Vec<AdminUnit>,
    /// Arcs, and the shapes of the units that have a geometry.
    pub topology: Topology,
    /// Relations read, accepted (as units, incomplete ones too) and rejected.
    pub report: SourceReport,
    /// What is wrong, by relation.
    pub issues: Vec<Issue>,
}

/// What reading boundaries goes by, besides the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'o> {
    /// The rules of the countries whose boundaries are wanted.
    pub rules: &'o [CountryRules],
    /// From the lowest level up: units that are not whole in the file are dissolved from their members.
    pub memberships: &'o [Membership],
    /// A file that has the ways and nodes which relations lack.
    pub complete_from: Option<&'o Path>,
}

/// A relation that is a unit.
struct Candidate<'r> {
    relation: &'r Relation,
    level: AdminLevel,
    code: Option<&'r str>,
    subtype: Option<&'r str>,
    outline: Box<Outline>,
}

/// What a relation says of its unit.
struct Tagged<'r> {
    relation: &'r Relation,
    code: Option<&'r str>,
    subtype: Option<&'r str>,
}

/// Reads the boundaries of some countries.
///
/// # Errors
/// [`ReadError`] when the file is cut, damaged, needs what we lack, or holds no boundary at all. Incomplete
/// relations are no error: they are units with a status and issues.
pub fn read(
    path: &Path,
    source: &Source,
    options: Options<'_>,
    progress: &dyn Progress,
) -> Result<Boundaries, ReadError> {
    let Options { rules, memberships, complete_from } = options;
    let pbf = PbfFile::open(path)?;
    let other = complete_from.map(PbfFile::open).transpose()?;
    let Selected { relations, mut ways, mut nodes } = select::select(&pbf, other.as_ref(), rules, progress)?;
    progress.begin("assembling boundaries", Some(relations.len() as u64));
    let meetings = noding::node(&mut ways, &mut nodes);
    let mesh = Mesh::cut(&ways, nodes).with_meetings(meetings);
    drop(ways);
    let mut result = Boundaries {
        report: SourceReport { source: source.id.clone(), reader: source.reader.clone(), ..SourceReport::default() },
        ..Boundaries::default()
    };
    let candidates = candidates(&mesh, &relations, progress);
    let candidates = result.accept(&mesh, &relations, candidates, source, rules);
    result.build(&mesh, candidates, memberships, source);
    // Freed while the next step runs.
    rayon::spawn(move || drop((relations, mesh)));
    progress.finish();
    Ok(result)
}

fn candidates<'r>(mesh: &Mesh, relations: &'r [Relation], progress: &dyn Progress) -> Vec<Candidate<'r>> {
    let candidate = |relation: &'r Relation| {
        progress.advance(1);
        let Mapped::Unit { level, code, subtype } = &relation.mapped else { return None };
        let outline = Box::new(Outline::of(mesh, relation));
        Some(Candidate { relation, level: *level, code: code.as_deref(), subtype: subtype.as_deref(), outline })
    };
    // The largest first: one of them at the end would keep one thread busy and the others waiting.
    let mut order: Vec<u32> = (0..relations.len() as u32).collect();
    order.par_sort_unstable_by_key(|&i| (std::cmp::Reverse(relations[i as usize].ways.len()), i));
    let mut found: Vec<Candidate<'r>> = order.par_iter().filter_map(|&i| candidate(&relations[i as usize])).collect();
    found.par_sort_unstable_by_key(|c| c.relation.id);
    found
}

impl Boundaries {
    /// Counts every relation, and keeps those that are units of the territory.
    fn accept<'r>(
        &mut self,
        mesh: &Mesh,
        relations: &[Relation],
        candidates: Vec<Candidate<'r>>,
        source: &Source,
        rules: &[CountryRules],
    ) -> Vec<Candidate<'r>> {
        let mut reject = |relation: &Relation, code: IssueCode, detail: String| {
            self.report.reject(code);
            self.issues.push(Issue { code, source: source.id.clone(), place: format!("r{}", relation.id), detail });
        };
        for relation in relations {
            if let Mapped::Unmapped(level) = &relation.mapped {
                let name = relation.tag("name").unwrap_or("without name");
                reject(relation, IssueCode::UnmappedLevel, format!("osm_admin_level {level}: {name}"));
            }
        }
        let home = Home::new(rules, candidates.iter().map(|c| (c.level, c.code, &*c.outline)));
        let foreign: Vec<bool> =
            candidates.par_iter().map(|c| home.is_foreign(mesh, c.level, c.code, &c.outline)).collect();
        drop(home);
        let mut kept = Vec::with_capacity(candidates.len());
        for (candidate, foreign) in candidates.into_iter().zip(foreign) {
            if foreign {
                let name = candidate.relation.tag("name").unwrap_or("without name");
                let detail = format!("{} {name} belongs to a country that is not listed", candidate.level.prefix());
                reject(candidate.relation, IssueCode::ForeignUnit, detail);
            } else {
                kept.push(candidate);
            }
        }
        for _ in &kept {
            self.report.accept();
        }
        kept
    }

    /// Names the units, dissolves those that only their members make, joins arcs, measures.
    fn build(&mut self, mesh: &Mesh, candidates: Vec<Candidate<'_>>, memberships: &[Membership], source: &Source) {
        let keys: Vec<_> = candidates.iter().map(|c| (c.relation, c.level, c.code, &*c.outline)).collect();
        let ids = units::ids(&keys, source, &mut self.issues);
        let (mut outlines, mut named) =
            (Outlines::with_capacity_and_hasher(ids.len(), RandomState::default()), Vec::with_capacity(ids.len()));
        for (id, c) in ids.into_iter().zip(candidates) {
            outlines.insert(id.clone(), c.outline);
            named.push((id, Some(Tagged { relation: c.relation, code: c.code, subtype: c.subtype })));
        }
        let derived = derive::derive(mesh, &mut outlines, memberships);
        let of_derived = report::derived(&derived, source);
        if !derived.units.is_empty() {
            let known: HashSet<UnitId> = named.iter().map(|(id, _)| id.clone()).collect();
            let without_relation = derived.units.into_iter().filter(|(id, _)| !known.contains(id));
            named.extend(without_relation.map(|(id, _)| (id, None)));
        }
        named.par_sort_by(|(a, _), (b, _)| a.level().cmp(&b.level()).then_with(|| a.cmp(b)));
        let found: Vec<&Outline> = named.par_iter().map(|(id, _)| &*outlines[id]).collect();
        let bounded = named.iter().zip(&found).filter(|(_, outline)| outline.is_complete());
        let bounded: Vec<Bounded<'_>> = bounded
            .map(|((id, _), outline)| Bounded { id: id.clone(), level: id.level(), polygons: &outline.polygons })
            .collect();
        let labels: Vec<&[Place]> =
            named.iter().map(|(_, made)| made.as_ref().map_or(&[][..], |t| &t.relation.labels)).collect();
        let names: HashMap<&UnitId, &str> = memberships.iter().map(|m| (&m.unit, m.name.as_str())).collect();
        let unit = |((id, made), outline): ((UnitId, Option<Tagged<'_>>), &Outline)| {
            if let Some(Tagged { relation, code, subtype }) = made {
                return units::unit(relation, id, code, subtype, outline, source);
            }
            let name = names.get(&id).copied().unwrap_or_default();
            units::of_members(id, name, source)
        };
        let told = |(id, made): &(UnitId, Option<Tagged<'_>>)| {
            let told = made.as_ref().map(|t| report::issues(t.relation, id.level(), t.code, &outlines[id], source));
            told.unwrap_or_default()
        };
        let issues = &mut self.issues;
        // The topology is for the most part one thread's work.
        let units = || {
            issues.par_extend(named.par_iter().flat_map_iter(told));
            named.into_par_iter().zip(found).map(unit).collect()
        };
        (self.topology, self.units) = rayon::join(|| merge::topology(mesh, &bounded), units);
        self.issues.extend(of_derived);
        measure(&mut self.units, &self.topology, &labels);
        // Freed while the next step runs.
        rayon::spawn(move || drop(outlines));
    }
}

/// Gives the complete units, which come in the order of the shapes, their geometry, area and label: where one of the
/// unit's `labels` says, if that is inside, else in the middle of the largest part.
fn measure(units: &mut [AdminUnit], topology: &Topology, labels: &[&[Place]]) {
    let under: Vec<f64> = topology.arcs.par_iter().map(measure::area_under).collect();
    let complete: Vec<_> = units.iter_mut().zip(labels).filter(|(unit, _)| unit.status.has_boundary()).collect();
    complete.into_par_iter().zip(&topology.shapes).for_each(|((unit, labels), shape)| {
        let geometry = topology.multi_polygon(shape);
        unit.area_km2 = Some(measure::area_km2(shape, &under));
        let inside = labels.iter().filter_map(|place| place.lonlat()).find(|at| geometry.contains(&at.point()));
        // The first polygon is the largest.
        unit.label = inside.or_else(|| label(geometry.0.first()?, measure::LABEL_PARTS));
        unit.geometry = Some(geometry);
    });
}
