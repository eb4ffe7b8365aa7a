//! The six administrative levels.

use serde::{Deserialize, Serialize};

use crate::Collection;

/// The rank of an administrative unit: 1 is the country, 6 the neighbourhood.
///
/// Never the OSM tag, which is written `osm_admin_level` everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminLevel {
    /// 1: pays. Code: ISO 3166-1 alpha-2.
    Country,
    /// 2: région.
    Region,
    /// 3: département.
    Department,
    /// 4: intercommunalité (EPCI). Not a rung: it may cross departments.
    Intercommunality,
    /// 5: commune.
    Municipality,
    /// 6: quartier, arrondissement municipal, commune déléguée or associée.
    Neighbourhood,
}

impl AdminLevel {
    /// All levels, strongest (country) first.
    pub const ALL: [Self; 6] = [
        Self::Country,
        Self::Region,
        Self::Department,
        Self::Intercommunality,
        Self::Municipality,
        Self::Neighbourhood,
    ];

    /// The rank, 1 to 6.
    pub const fn rank(self) -> u8 {
        self as u8 + 1
    }

    /// The position in arrays by level, 0 to 5.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The level of a rank; `None` outside 1 to 6.
    pub fn from_rank(rank: u8) -> Option<Self> {
        Self::ALL.get(usize::from(rank).checked_sub(1)?).copied()
    }

    /// The prefix of unit ids: `municipality` in `municipality:97411`.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::Department => "department",
            Self::Intercommunality => "intercommunality",
            Self::Municipality => "municipality",
            Self::Neighbourhood => "neighbourhood",
        }
    }

    /// The level of an id prefix.
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.prefix() == prefix)
    }

    /// The name of the column that holds the id of the unit of this level: `municipality_id`.
    pub const fn id_field(self) -> &'static str {
        match self {
            Self::Country => "country_id",
            Self::Region => "region_id",
            Self::Department => "department_id",
            Self::Intercommunality => "intercommunality_id",
            Self::Municipality => "municipality_id",
            Self::Neighbourhood => "neighbourhood_id",
        }
    }

    /// The collection of this level's units.
    pub const fn collection(self) -> Collection {
        match self {
            Self::Country => Collection::Countries,
            Self::Region => Collection::Regions,
            Self::Department => Collection::Departments,
            Self::Intercommunality => Collection::Intercommunalities,
            Self::Municipality => Collection::Municipalities,
            Self::Neighbourhood => Collection::Neighbourhoods,
        }
    }

    /// Whether units of this level can be somebody's `parent_id`: intercommunalities overlay
    /// the ladder and are no rung of it.
    pub const fn is_rung(self) -> bool {
        !matches!(self, Self::Intercommunality)
    }

    /// The first zoom at which tiles hold this level; from there on no unit is dropped.
    pub const fn first_zoom(self) -> u8 {
        match self {
            Self::Country => 0,
            Self::Region => 2,
            Self::Department => 4,
            Self::Intercommunality => 5,
            Self::Municipality => 7,
            Self::Neighbourhood => 9,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_prefixes_and_collections_go_both_ways() {
        for level in AdminLevel::ALL {
            assert_eq!(AdminLevel::from_rank(level.rank()), Some(level));
            assert_eq!(AdminLevel::from_prefix(level.prefix()), Some(level));
            assert_eq!(level.collection().level(), Some(level));
            assert_eq!(level.id_field(), format!("{}_id", level.prefix()));
        }
        assert_eq!(AdminLevel::from_rank(0), None);
        assert_eq!(AdminLevel::from_rank(7), None);
    }
}
