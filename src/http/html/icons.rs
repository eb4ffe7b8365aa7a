//! Icons of themes inside pages: the paths of `styles/icons/*.svg`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::http::assets::icons;

/// The path data of an icon on a square of 15; `None` when there is none of that name.
pub(crate) fn icon(name: &str) -> Option<&'static str> {
    static PATHS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let paths = PATHS.get_or_init(|| icons().into_iter().map(|(name, svg)| (name, path_data(&svg))).collect());
    paths.get(name).map(String::as_str)
}

/// The `d` of every path of an SVG, end to end.
fn path_data(svg: &str) -> String {
    let paths = svg.split("<path").skip(1);
    let data = paths.filter_map(|path| path.split_once(" d=\"")?.1.split_once('"').map(|(d, _)| d));
    data.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use parvis_model::themes;

    use super::*;

    #[test]
    fn every_theme_has_an_icon_of_plain_path_data() {
        for theme in themes() {
            let data = icon(&theme.icon).unwrap_or_else(|| panic!("styles/icons/{}.svg is missing", theme.icon));
            assert!(data.starts_with(['M', 'm']), "{}", theme.icon);
            assert!(data.chars().all(|c| c.is_ascii_alphanumeric() || " ,.-\n\t".contains(c)), "{}", theme.icon);
        }
        assert!(icon("nothing").is_none());
    }
}
