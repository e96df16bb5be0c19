//! The delays as bars, on a logarithmic scale: one hop of three hours leaves ten of a second
//! visible. The number stands beside each bar, and the scale is said.

use maud::{Markup, html};

use crate::report::route::hops::{Hop, delay, whole};

/// The scale ends here at the least, so that a second is never a long bar.
const SCALE_MIN: u64 = 60;

/// Marks of the scale, in seconds.
const MARKS: &[i64] = &[1, 10, 60, 600, 3600, 86_400, 8_640_000];

/// The marks of a scale that reaches further than a day.
const LONG_MARKS: &[i64] = &[1, 60, 3600, 86_400, 8_640_000];

/// A scale from no delay to the longest of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    longest: u64,
}

impl Scale {
    pub(super) fn of(hops: &[Hop<'_>]) -> Self {
        let delays = hops.iter().filter_map(|hop| hop.delay.as_ref());
        let longest = delays.map(|(seconds, _)| seconds.unsigned_abs()).max();
        Self {
            longest: longest.unwrap_or(0).max(SCALE_MIN),
        }
    }

    /// How far along the scale, in percent.
    pub(super) fn at(self, seconds: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a bar has some hundred pixels")]
        let log = |seconds: u64| (seconds as f64).ln_1p();
        100.0 * log(seconds.unsigned_abs()) / log(self.longest)
    }

    fn marks(self) -> impl Iterator<Item = i64> {
        let marks = if self.longest > 172_800 {
            LONG_MARKS
        } else {
            MARKS
        };
        let fits = move |mark: &&i64| mark.unsigned_abs() <= self.longest && self.at(**mark) < 97.0;
        marks.iter().filter(fits).copied()
    }
}

/// `hops` are those that are shown, of all that there are.
pub(super) fn timeline(shown: &[Hop<'_>], all: &[Hop<'_>]) -> Markup {
    let scale = Scale::of(shown);
    html! {
        p.note {
            "How long each hop took after the one before it, by the servers' own clocks, on a \
            logarithmic scale: a bar twice as long is far more than twice the time. "
            @if let Some(whole) = whole(all) { "In all: " b { (whole) } "." }
            @if shown.len() < all.len() { " Shown are " (shown.len()) " of " (all.len()) " hops." }
        }
        ol.timeline {
            li.scale aria-hidden="true" {
                span.who {}
                svg.bar {
                    @for mark in scale.marks() {
                        text x={ (round(scale.at(mark))) "%" } y="12" text-anchor="middle" { (label(mark)) }
                    }
                }
                span.delay {}
            }
            @for hop in shown {
                li.is-claimed[!hop.believed].is-deciding[hop.deciding] {
                    span.who {
                        span.number { (hop.number) }
                        span {
                            bdi { (hop.server.as_deref().unwrap_or("not named")) }
                            @if hop.deciding { " " span.tag { "hand-over" } }
                            @if !hop.believed { " " span.tag.faint { "claimed" } }
                        }
                    }
                    svg.bar aria-hidden="true" focusable="false" {
                        @for mark in scale.marks() {
                            line.mark x1={ (round(scale.at(mark))) "%" } x2={ (round(scale.at(mark))) "%" } y1="0" y2="16" {}
                        }
                        @match &hop.delay {
                            Some((seconds, _)) => {
                                rect.back[*seconds < 0] x="0" y="3" height="10"
                                    width={ (round(scale.at(*seconds))) "%" } rx="2" {}
                                // What takes no time is seen to be there.
                                rect x="0" y="3" width="2" height="10" {}
                            }
                            None => {}
                        }
                    }
                    span.delay {
                        @match &hop.delay {
                            Some((seconds, says)) => {
                                (says)
                                @if *seconds < 0 { span.why-not { " earlier: a clock is wrong" } }
                            }
                            None if hop.number == 1 => span.why-not { "origin" },
                            None => span.why-not { "not told" },
                        }
                    }
                }
            }
        }
    }
}

/// `1s`, `1m`, `1h`, `1d`: whole units only.
fn label(mark: i64) -> String {
    delay(mark)
        .replace("m00s", "m")
        .replace("h00m", "h")
        .replace("d00h", "d")
}

fn round(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_seen_beside_three_hours() {
        let scale = Scale { longest: 10_800 };
        assert!((scale.at(10_800) - 100.0).abs() < 0.01);
        assert!(scale.at(1) > 5.0, "{}", scale.at(1));
        assert!(scale.at(1) < scale.at(10) && scale.at(10) < scale.at(600));
        assert!((scale.at(-5) - scale.at(5)).abs() < f64::EPSILON);
        assert!((scale.at(0)).abs() < f64::EPSILON);
    }

    #[test]
    fn marks_fit_any_scale() {
        for longest in [60, 600, 10_800, 172_801, u64::MAX] {
            let scale = Scale { longest };
            let marks: Vec<_> = scale.marks().map(|mark| scale.at(mark)).collect();
            assert!(marks.len() > 1, "{longest}");
            assert!(marks.iter().all(|at| (0.0..97.0).contains(at)), "{longest}");
            let apart = marks
                .windows(2)
                .all(|pair| matches!(pair, [a, b] if b - a > 6.0));
            assert!(apart, "{longest}: {marks:?}");
        }
        let labels: Vec<_> = MARKS.iter().map(|mark| label(*mark)).collect();
        assert_eq!(labels, ["1s", "10s", "1m", "10m", "1h", "1d", "100d"]);
    }
}
