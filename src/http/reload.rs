//! Noticing a new edition: `CURRENT` is read twice a second.

use std::sync::Arc;
use std::time::Duration;

use parvis_store::EditionId;
use tokio::time::{MissedTickBehavior, interval};

use super::behind::behind;
use super::bundle::{Bundle, OpenError};
use super::state::AppState;

const EVERY: Duration = Duration::from_millis(500);

/// Watches until the task is dropped. An edition that does not open is logged once, and the one in
/// service stays.
pub async fn watch(state: AppState) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failed: Option<EditionId> = None;
    loop {
        ticks.tick().await;
        let (looked, known) = (state.clone(), failed.clone());
        match tokio::task::spawn_blocking(move || refresh(&looked, known.as_ref())).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => {
                let (id, error) = *failure;
                tracing::error!(edition = id.as_ref().map(EditionId::as_str), %error, "the new edition does not open");
                failed = id;
            }
            Err(error) => tracing::error!(%error, "looking for a new edition failed"),
        }
    }
}

/// Reads `CURRENT`, and opens and takes what it names when that is another edition than the one in service.
///
/// # Errors
/// What kept the edition from opening, with its id where it is known; `failed` is not tried again.
fn refresh(state: &AppState, failed: Option<&EditionId>) -> Result<(), Box<(Option<EditionId>, OpenError)>> {
    let id = state.data().current().map_err(|e| Box::new((None, e.into())))?;
    let Some(id) = id.filter(|id| failed != Some(id)) else { return Ok(()) };
    if state.current().is_some_and(|b| *b.id() == id) {
        return Ok(());
    }
    let opened = behind(|| {
        let bundle = state.data().edition(&id).map_err(OpenError::from).and_then(Bundle::open)?;
        bundle.warm();
        Ok(bundle)
    });
    let bundle = opened.map_err(|e| Box::new((Some(id.clone()), e)))?;
    state.replace(Arc::new(bundle));
    tracing::info!(edition = %id, "a new edition is in service");
    Ok(())
}
