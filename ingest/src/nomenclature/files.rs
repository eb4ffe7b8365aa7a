//! The files of npm `@etalab/decoupage-administratif`, plain or gzipped.

use std::path::{Path, PathBuf};

use parvis_model::{Issue, IssueCode, SourceReport};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::NomenclatureError;
use crate::input;

/// The longest file that is read, inflated.
const MAX_BYTES: u64 = 256 << 20;

/// A row of `communes.json`; only what is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Commune {
    pub(super) code: String,
    pub(super) nom: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) departement: Option<String>,
    pub(super) region: Option<String>,
    /// Of a commune déléguée or associée: the commune it is part of.
    pub(super) chef_lieu: Option<String>,
    /// Of an arrondissement municipal: the commune it is part of.
    #[serde(rename = "commune")]
    pub(super) whole: Option<String>,
    pub(super) siren: Option<String>,
    pub(super) population: Option<u64>,
    #[serde(default)]
    pub(super) codes_postaux: Vec<String>,
    #[serde(default)]
    pub(super) anciens_codes: Vec<String>,
}

/// A row of `epci.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Epci {
    pub(super) code: String,
    pub(super) nom: String,
    pub(super) population_municipale: Option<u64>,
    #[serde(default)]
    pub(super) membres: Vec<Member>,
}

/// A municipality in an EPCI.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Member {
    pub(super) code: String,
}

/// A row of `departements.json` or `regions.json`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Area {
    pub(super) code: String,
    pub(super) nom: String,
    pub(super) region: Option<String>,
}

/// Reads the rows of one file; a row that is not as it should be is rejected with its number, from 1.
pub(super) fn rows<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    report: &mut SourceReport,
    issues: &mut Vec<Issue>,
) -> Result<Vec<T>, NomenclatureError> {
    let path = find(folder, name)?;
    let bytes = input::read(&path, MAX_BYTES)?;
    let values: Vec<serde_json::Value> = serde_json::from_slice(&bytes).map_err(|e| NomenclatureError::Syntax {
        path,
        line: e.line(),
        column: e.column(),
        message: e.to_string(),
    })?;
    let mut out = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        match serde_json::from_value(value) {
            Ok(row) => {
                report.accept();
                out.push(row);
            }
            Err(error) => {
                report.reject(IssueCode::BadRow);
                let place = format!("{name}.json, row {}", at + 1);
                let source = report.source.clone();
                issues.push(Issue { code: IssueCode::BadRow, source, place, detail: error.to_string() });
            }
        }
    }
    Ok(out)
}

/// `communes.json`, `communes.json.gz`, or the same under `data/`, as the package has it.
fn find(folder: &Path, name: &str) -> Result<PathBuf, NomenclatureError> {
    let places = ["", "data"].into_iter().flat_map(|sub| ["json", "json.gz"].map(|ext| (sub, ext)));
    places
        .map(|(sub, ext)| folder.join(sub).join(format!("{name}.{ext}")))
        .find(|path| path.is_file())
        .ok_or_else(|| NomenclatureError::NoFile { folder: folder.into(), name: name.to_owned() })
}
