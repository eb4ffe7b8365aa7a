//! Marked rows as a compressed set.

use parvis_model::Marks;
use roaring::RoaringBitmap;

pub(crate) fn to_roaring(marks: &Marks) -> RoaringBitmap {
    let mut bytes = Vec::with_capacity(marks.words().len() * 8);
    marks.words().iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
    RoaringBitmap::from_lsb0_bytes(0, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_that_is_marked_is_in_it() {
        let mut marks = Marks::none(70_000);
        marks.insert_range(60..66_000);
        marks.insert(69_999);
        assert_eq!(to_roaring(&marks).iter().collect::<Vec<_>>(), (60..66_000).chain([69_999]).collect::<Vec<_>>());
    }
}
