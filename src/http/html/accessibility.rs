//! The statement on accessibility: what was checked and how, what is known not to be good enough, whom to tell.

use askama::Template;

use super::Page;

/// The page.
#[derive(Debug, Template)]
#[template(path = "accessibility.html")]
pub(crate) struct Accessibility {
    /// Around it.
    pub(crate) page: Page,
}
