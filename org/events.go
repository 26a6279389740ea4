package org

import "lotrinh/platform/clock"

// UnitsSucceeded tells that units ended or gave a part away, and who took what. It
// is told on the day it takes effect, or at once when that day is past.
type UnitsSucceeded struct {
	Act   ActID      `json:"act"`
	On    clock.Date `json:"on"`
	Pairs []Pair     `json:"pairs"`
}

// EventName implements event.Event.
func (UnitsSucceeded) EventName() string { return "org.units-succeeded" }
