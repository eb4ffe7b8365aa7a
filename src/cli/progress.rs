//! Progress on the terminal: a bar with rate and time left, or plain lines when nobody watches.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use parvis_model::Progress;

/// Shows one step at a time on standard error.
#[derive(Debug)]
pub(super) struct Bars {
    terminal: bool,
    step: Mutex<Option<Step>>,
}

#[derive(Debug)]
struct Step {
    name: String,
    began: Instant,
    bar: ProgressBar,
}

impl Bars {
    pub(super) fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), step: Mutex::new(None) }
    }
}

impl Progress for Bars {
    fn begin(&self, step: &str, total: Option<u64>) {
        self.finish();
        let bar = if self.terminal {
            let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let template = match total {
                Some(_) => "{msg:32} [{bar:32}] {percent:>3} %  {human_pos}/{human_len}  {per_sec:>14}  {eta:>4} left",
                None => "{msg:32} {spinner} {human_pos}  {per_sec}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_message(step.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        } else {
            ProgressBar::hidden()
        };
        let step = Step { name: step.to_owned(), began: Instant::now(), bar };
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
    }

    fn advance(&self, by: u64) {
        if let Some(step) = &*self.step.lock().unwrap_or_else(PoisonError::into_inner) {
            step.bar.inc(by);
        }
    }

    fn finish(&self) {
        let Some(step) = self.step.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let (done, took) = (step.bar.position(), step.began.elapsed());
        step.bar.finish_and_clear();
        let took = if took < Duration::from_mins(1) {
            format!("{:.1} s", took.as_secs_f64())
        } else {
            HumanDuration(took).to_string()
        };
        if done > 0 {
            eprintln!("{:32} {:>12}  {took}", step.name, HumanCount(done).to_string());
        } else {
            eprintln!("{:32} {:>12}  {took}", step.name, "");
        }
    }
}
