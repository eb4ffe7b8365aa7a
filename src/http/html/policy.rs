//! `Content-Security-Policy` of the pages: nothing from elsewhere.

use http::{HeaderName, header};

/// The name of the header.
pub(crate) const CSP_HEADER: HeaderName = header::CONTENT_SECURITY_POLICY;

/// Of pages without a script: no script runs, whatever gets into them.
pub(crate) const PLAIN: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                                form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// Of the map: its own script and worker; MapLibre sets styles on its elements. `ancestors`: who may frame it;
/// `origin`: the host of the operator's basemap, empty where there is none elsewhere.
pub(crate) fn map_policy(ancestors: &str, origin: &str) -> String {
    let more = if origin.is_empty() { String::new() } else { format!(" {origin}") };
    format!(
        "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:{more}; connect-src 'self'{more}; font-src 'self' data:{more}; \
         form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors {ancestors}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_takes_a_script_that_is_not_a_file_of_ours() {
        for policy in [PLAIN, &map_policy("'self'", ""), &map_policy("*", "https://tiles.example.org")] {
            assert!(policy.contains("default-src") && !policy.contains("unsafe-eval"));
            assert!(!policy.contains("script-src 'self' '"), "{policy}");
            assert_eq!(policy.matches("frame-ancestors").count(), 1);
        }
        assert!(PLAIN.ends_with("frame-ancestors 'self'"));
        assert!(map_policy("https://a.example", "").ends_with("; frame-ancestors https://a.example"));
        assert!(!map_policy("*", "").contains("https:"), "nothing from elsewhere unless the operator says so");
        assert!(map_policy("*", "https://t.example").contains("connect-src 'self' https://t.example;"));
    }
}
