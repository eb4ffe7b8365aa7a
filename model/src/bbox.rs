//! Boxes in degrees that may cross the antimeridian.

use geo_types::{Coord, Rect};
use serde::{Deserialize, Serialize};

use crate::LonLat;

/// A geographic box `[west, south, east, north]` in degrees of CRS84.
///
/// `west > east` is legal and means that the box crosses the antimeridian, as RFC 7946 section 5.2
/// and OGC API Features 7.15.3 have it. [`Bbox::split`] gives the one or two plain rectangles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "[f64; 4]", try_from = "[f64; 4]")]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Why a box cannot exist.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BboxError {
    /// Not four (or, with heights, six) numbers.
    #[error("a bbox is four numbers, west,south,east,north (or six, with heights): {0:?} is not")]
    Shape(String),
    /// A longitude outside -180..180 or a latitude outside -90..90, or not finite.
    #[error("{0} is not a longitude in -180..180 or a latitude in -90..90")]
    Range(f64),
    /// South lies north of north.
    #[error("south ({south}) is greater than north ({north})")]
    Flipped {
        /// The second number.
        south: f64,
        /// The fourth.
        north: f64,
    },
}

impl Bbox {
    /// The whole world.
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// # Errors
    /// [`BboxError::Range`] or [`BboxError::Flipped`]; west > east is legal.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BboxError> {
        for lon in [west, east] {
            if !(-180.0..=180.0).contains(&lon) {
                return Err(BboxError::Range(lon));
            }
        }
        for lat in [south, north] {
            if !(-90.0..=90.0).contains(&lat) {
                return Err(BboxError::Range(lat));
            }
        }
        if south > north {
            return Err(BboxError::Flipped { south, north });
        }
        Ok(Self { west, south, east, north })
    }

    /// Parses `west,south,east,north`; of six numbers the heights are checked and left aside.
    ///
    /// # Errors
    /// [`BboxError::Shape`] when it is not four or six finite numbers, else as [`Bbox::new`].
    pub fn parse(text: &str) -> Result<Self, BboxError> {
        let [west, south, east, north] = Self::parse_corners(text)?;
        Self::new(west, south, east, north)
    }

    /// Parses the four numbers of a box of any CRS, in its order of axes; of six the heights are left aside.
    ///
    /// # Errors
    /// [`BboxError::Shape`] when it is not four or six finite numbers.
    pub fn parse_corners(text: &str) -> Result<[f64; 4], BboxError> {
        let shape = || BboxError::Shape(text.chars().take(120).collect());
        let numbers: Vec<f64> = text
            .split(',')
            .map(|n| n.trim().parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(shape))
            .collect::<Result<_, _>>()?;
        match numbers[..] {
            [w, s, e, n] | [w, s, _, e, n, _] => Ok([w, s, e, n]),
            _ => Err(shape()),
        }
    }

    /// The smallest box around some places, never crossing the antimeridian; `None` without places.
    pub fn around(places: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        places
            .into_iter()
            .map(|p| Self { west: p.lon(), south: p.lat(), east: p.lon(), north: p.lat() })
            .reduce(Self::union)
    }

    /// The box of a rectangle of `geo`; `None` when it is out of range.
    pub fn from_rect(rect: Rect<f64>) -> Option<Self> {
        Self::new(rect.min().x, rect.min().y, rect.max().x, rect.max().y).ok()
    }

    /// The smallest box around two boxes that do not cross the antimeridian; the world's width where one does.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let wide = self.crosses_antimeridian() || other.crosses_antimeridian();
        Self {
            west: if wide { -180.0 } else { self.west.min(other.west) },
            south: self.south.min(other.south),
            east: if wide { 180.0 } else { self.east.max(other.east) },
            north: self.north.max(other.north),
        }
    }

    /// `[west, south, east, north]`.
    pub const fn to_array(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// Whether west > east.
    pub fn crosses_antimeridian(self) -> bool {
        self.west > self.east
    }

    /// The plain rectangles: one, or two when the box crosses the antimeridian.
    pub fn split(self) -> impl Iterator<Item = Rect<f64>> {
        let rect = move |w, e| Rect::new(Coord { x: w, y: self.south }, Coord { x: e, y: self.north });
        let parts = if self.crosses_antimeridian() {
            [Some(rect(self.west, 180.0)), Some(rect(-180.0, self.east))]
        } else {
            [Some(rect(self.west, self.east)), None]
        };
        parts.into_iter().flatten()
    }

    /// Whether a place lies in the box, edges included.
    pub fn contains(self, at: LonLat) -> bool {
        let in_lon = if self.crosses_antimeridian() {
            at.lon() >= self.west || at.lon() <= self.east
        } else {
            (self.west..=self.east).contains(&at.lon())
        };
        in_lon && (self.south..=self.north).contains(&at.lat())
    }

    /// Whether two boxes share a point.
    pub fn intersects(self, other: Self) -> bool {
        self.split().any(|a| {
            other.split().any(|b| {
                a.min().x <= b.max().x && b.min().x <= a.max().x && a.min().y <= b.max().y && b.min().y <= a.max().y
            })
        })
    }
}

impl From<Bbox> for [f64; 4] {
    fn from(bbox: Bbox) -> Self {
        bbox.to_array()
    }
}

impl TryFrom<[f64; 4]> for Bbox {
    type Error = BboxError;

    fn try_from([w, s, e, n]: [f64; 4]) -> Result<Self, BboxError> {
        Self::new(w, s, e, n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    #[test]
    fn west_beyond_east_crosses_the_antimeridian() {
        let fiji = Bbox::parse("177,-20,-178,-12").unwrap();
        assert!(fiji.contains(at(179.0, -17.0)) && fiji.contains(at(-179.0, -17.0)));
        assert!(!fiji.contains(at(0.0, -17.0)));
        assert_eq!(fiji.split().count(), 2);
        assert!(fiji.intersects(Bbox::parse("-180,-15,-179,0").unwrap()));
        assert!(!fiji.intersects(Bbox::parse("0,-15,10,0").unwrap()));
    }

    #[test]
    fn a_bad_box_says_why() {
        assert!(matches!(Bbox::parse("1,2,3"), Err(BboxError::Shape(_))));
        assert!(matches!(Bbox::parse("1,2,3,x"), Err(BboxError::Shape(_))));
        assert!(matches!(Bbox::parse("1,2,3,NaN"), Err(BboxError::Shape(_))));
        assert!(matches!(Bbox::parse("0,50,1,40"), Err(BboxError::Flipped { .. })));
        assert!(matches!(Bbox::parse("0,-91,1,40"), Err(BboxError::Range(_))));
        assert_eq!(Bbox::parse("0,1,-5,2,3,9").unwrap().to_array(), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn edges_are_inside() {
        let b = Bbox::parse("0,0,1,1").unwrap();
        assert!(b.contains(at(0.0, 0.0)) && b.contains(at(1.0, 1.0)));
        assert!(b.intersects(Bbox::parse("1,1,2,2").unwrap()));
    }
}
