//! `q`: rows by the words of their name, description and tags.

use parvis_model::fold;
use roaring::RoaringBitmap;

use super::TableRows;
use super::table_rows::Answer;
use crate::StoreError;
use crate::table::scan::scan;

/// What the answer is kept under: the same for all spellings that fold to one.
pub(super) fn key(q: &str) -> String {
    let mut words: Vec<String> = words(q);
    words.sort_unstable();
    format!("q {}", words.join(" "))
}

/// The words that are looked for, each once.
fn words(q: &str) -> Vec<String> {
    let mut words: Vec<String> = fold(q).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The rows where every word of `q` begins a word of the name, the description or a tag; of units of a name or the code.
pub(super) fn rows(table: &TableRows<'_>, q: &str) -> Result<Answer, StoreError> {
    let wanted = words(q);
    let part = table.edition().require(table.collection(), "parquet")?;
    let columns: &[&str] = if table.collection().level().is_some() {
        &["name", "name_fr", "name_en", "code"]
    } else {
        &["name", "description", "tags"]
    };
    let found = scan(&part.path, columns, |cells, first| {
        let mut rows = Vec::new();
        for at in 0..cells.rows() {
            let mut missing: Vec<&str> = wanted.iter().map(String::as_str).collect();
            for (column, name) in columns.iter().enumerate() {
                if missing.is_empty() {
                    break;
                }
                if *name == "tags" {
                    cells.texts(column, at)?.into_iter().for_each(|tag| cross_out(&mut missing, tag));
                } else if let Some(text) = cells.text(column, at)? {
                    cross_out(&mut missing, text);
                }
            }
            if missing.is_empty() {
                rows.push((first + at) as u32);
            }
        }
        Ok(rows)
    })?;
    Ok(Answer { yes: found.into_iter().collect(), unknown: RoaringBitmap::default() })
}

/// Leaves the words that begin no word of a text.
fn cross_out(missing: &mut Vec<&str>, text: &str) {
    let folded = fold(text);
    missing.retain(|wanted| !folded.split(' ').any(|word| word.starts_with(wanted)));
}
