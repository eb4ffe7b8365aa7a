//! A page made of blocks: lists, descriptions, schemas, counts, whatever has no page of its own making.

use askama::Template;

use super::{Link, Page};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sheet.html")]
pub(crate) struct Sheet {
    page: Page,
    lead: String,
    blocks: Vec<Block>,
}

/// A part of the page under its own heading; without one (empty) it follows the page's.
#[derive(Debug)]
pub(crate) struct Block {
    title: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Facts(Vec<(String, Cell)>),
    Table { heads: Vec<String>, rows: Vec<Vec<Cell>> },
    Links(Vec<Link>),
}

/// A text, and where it leads when it leads somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    href: String,
    code: bool,
}

impl Cell {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A text that leads somewhere.
    pub(crate) fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), code: false }
    }

    /// What is shown.
    pub(crate) fn shown(&self) -> &str {
        &self.text
    }

    /// A name of programs.
    pub(crate) fn code(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: true, ..Self::default() }
    }
}

impl Sheet {
    /// A page with a sentence under its heading; may be empty.
    pub(crate) fn new(page: Page, lead: impl Into<String>) -> Self {
        Self { page, lead: lead.into(), blocks: Vec::new() }
    }

    /// Names with what they are.
    #[must_use]
    pub(crate) fn facts(mut self, title: &str, facts: Vec<(&str, Cell)>) -> Self {
        let facts = facts.into_iter().filter(|(_, cell)| !cell.text.is_empty());
        let facts = facts.map(|(name, cell)| (name.to_owned(), cell)).collect();
        self.blocks.push(Block { title: title.to_owned(), what: What::Facts(facts) });
        self
    }

    /// A table; the first cell of each row names the row.
    #[must_use]
    pub(crate) fn table(mut self, title: &str, heads: &[&str], rows: Vec<Vec<Cell>>) -> Self {
        let heads = heads.iter().map(|h| (*h).to_owned()).collect();
        self.blocks.push(Block { title: title.to_owned(), what: What::Table { heads, rows } });
        self
    }

    /// Where to go from here.
    #[must_use]
    pub(crate) fn links(mut self, title: &str, links: Vec<Link>) -> Self {
        if !links.is_empty() {
            self.blocks.push(Block { title: title.to_owned(), what: What::Links(links) });
        }
        self
    }
}
