//! The four spaces, as types. Axis order is x then y (longitude, latitude) in every one of them.
//!
//! | type | space | units |
//! | --- | --- | --- |
//! | [`LonLat`] | OGC:CRS84 | degrees, x = longitude, y = latitude |
//! | [`Mercator`] | EPSG:3857 | metres, x east, y north |
//! | [`World`] | the zoom-32 grid of Web Mercator | integers, x east, **y south**, origin at the north-west |
//! | [`TilePoint`] | one tile | integers, 0..extent, y down |

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The WGS 84 semi-major axis in metres, which Web Mercator takes for a sphere.
/// Source: EPSG Guidance Note 7-2, method 1024.
pub const EARTH_RADIUS_M: f64 = 6_378_137.0;

/// Half the side of the Web Mercator square, in metres.
pub const MERCATOR_HALF_M: f64 = PI * EARTH_RADIUS_M;

/// The latitude at which Web Mercator is cut to a square, in degrees.
pub const MAX_LATITUDE: f64 = 85.051_128_779_806_6;

const WORLD: f64 = 4_294_967_296.0;

/// A place in degrees of WGS 84; longitude in -180..=180, latitude in -90..=90, both finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

impl LonLat {
    /// `None` when a value is not finite or out of range.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)).then_some(Self { lon, lat })
    }

    /// Longitude, degrees east.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude, degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Projects to Web Mercator; latitudes beyond [`MAX_LATITUDE`] are clamped to it.
    pub fn to_mercator(self) -> Mercator {
        let lat = self.lat.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
        Mercator { x: EARTH_RADIUS_M * self.lon.to_radians(), y: EARTH_RADIUS_M * (PI / 4.0 + lat / 2.0).tan().ln() }
    }

    /// The cell of the zoom-32 grid that holds the place; latitudes are clamped as by [`Self::to_mercator`].
    pub fn to_world(self) -> World {
        let sin = self.lat.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians().sin();
        let x = (self.lon + 180.0) / 360.0;
        let y = 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * PI);
        // `as` saturates: 180 degrees east is the last column, the southern edge the last row.
        World { x: (x * WORLD).floor() as u32, y: (y * WORLD).floor() as u32 }
    }

    /// The place as a point of `geo`.
    pub fn point(self) -> geo_types::Point<f64> {
        geo_types::Point::new(self.lon, self.lat)
    }

    /// The coordinate as `geo` has it: x = longitude, y = latitude.
    pub const fn coord(self) -> geo_types::Coord<f64> {
        geo_types::Coord { x: self.lon, y: self.lat }
    }
}

/// A place in metres of Web Mercator (EPSG:3857).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mercator {
    /// Metres east of the Greenwich meridian.
    pub x: f64,
    /// Metres north of the equator, on the projection.
    pub y: f64,
}

impl Mercator {
    /// Back to degrees; `None` outside the square.
    pub fn to_lonlat(self) -> Option<LonLat> {
        let lat = 2.0 * (self.y / EARTH_RADIUS_M).exp().atan() - PI / 2.0;
        LonLat::new((self.x / EARTH_RADIUS_M).to_degrees(), lat.to_degrees())
    }
}

/// A cell of the zoom-32 Web Mercator grid: about a centimetre at the equator. y grows southwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct World {
    /// Column, 0 at 180 degrees west.
    pub x: u32,
    /// Row, 0 at the northern edge.
    pub y: u32,
}

impl World {
    /// The Morton (Z-order) code: bits of y and x interleaved, x in the even places. All cells of a
    /// tile of zoom z share the first 2z bits, so a tile is one range of codes.
    pub fn morton(self) -> u64 {
        spread(self.x) | (spread(self.y) << 1)
    }

    /// The cell of a Morton code.
    pub fn from_morton(code: u64) -> Self {
        Self { x: gather(code), y: gather(code >> 1) }
    }

    /// The middle of the cell, in degrees.
    pub fn to_lonlat(self) -> LonLat {
        let lon = (f64::from(self.x) + 0.5) / WORLD * 360.0 - 180.0;
        let n = PI * (1.0 - 2.0 * (f64::from(self.y) + 0.5) / WORLD);
        LonLat { lon, lat: n.sinh().atan().to_degrees() }
    }
}

fn spread(v: u32) -> u64 {
    let mut v = u64::from(v);
    v = (v | (v << 16)) & 0x0000_FFFF_0000_FFFF;
    v = (v | (v << 8)) & 0x00FF_00FF_00FF_00FF;
    v = (v | (v << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | (v << 2)) & 0x3333_3333_3333_3333;
    (v | (v << 1)) & 0x5555_5555_5555_5555
}

fn gather(v: u64) -> u32 {
    let mut v = v & 0x5555_5555_5555_5555;
    v = (v | (v >> 1)) & 0x3333_3333_3333_3333;
    v = (v | (v >> 2)) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | (v >> 4)) & 0x00FF_00FF_00FF_00FF;
    v = (v | (v >> 8)) & 0x0000_FFFF_0000_FFFF;
    (v | (v >> 16)) as u32
}

/// A position inside one tile: 0..extent when inside, beyond in the buffer; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TilePoint {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn saint_denis_de_la_reunion_projects_where_epsg_3857_says() {
        let m = LonLat::new(55.4504, -20.8789).unwrap().to_mercator();
        near(m.x, 6_172_710.29, 0.1);
        near(m.y, -2_377_444.55, 0.1);
        let back = m.to_lonlat().unwrap();
        near(back.lon(), 55.4504, 1e-9);
        near(back.lat(), -20.8789, 1e-9);
    }

    #[test]
    fn the_world_grid_saturates_at_its_edges_and_comes_back() {
        let corner = LonLat::new(180.0, -90.0).unwrap().to_world();
        assert_eq!((corner.x, corner.y), (u32::MAX, u32::MAX));
        assert_eq!(LonLat::new(-180.0, 90.0).unwrap().to_world(), World { x: 0, y: 0 });
        let paris = LonLat::new(2.3522, 48.8566).unwrap();
        let back = paris.to_world().to_lonlat();
        near(back.lon(), paris.lon(), 1e-7);
        near(back.lat(), paris.lat(), 1e-7);
    }

    #[test]
    fn morton_goes_both_ways_and_keeps_tiles_together() {
        for w in [World { x: 0, y: 0 }, World { x: u32::MAX, y: 5 }, World { x: 0xDEAD_BEEF, y: 0x1234_5678 }] {
            assert_eq!(World::from_morton(w.morton()), w);
        }
        assert_eq!(World { x: 1, y: 0 }.morton(), 1);
        assert_eq!(World { x: 0, y: 1 }.morton(), 2);
    }

    #[test]
    fn a_place_out_of_range_cannot_exist() {
        for (lon, lat) in [(181.0, 0.0), (0.0, -90.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(LonLat::new(lon, lat), None);
        }
        assert!(LonLat::new(0.0, 0.0).is_some(), "zero is a place");
    }
}
