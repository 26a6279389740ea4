package classroom

import "lotrinh/org"

// RollCalled tells that the roll of a session was called for the first time, and
// who was marked in it.
type RollCalled struct {
	Session SessionID      `json:"session"`
	Class   ClassID        `json:"class"`
	People  []org.PersonID `json:"people"`
}

// EventName implements event.Event.
func (RollCalled) EventName() string { return "classroom.roll-called" }

// AttendanceChanged tells that what is known of people's attendance changed
// otherwise: marks were made or corrected after the roll was called, or a session
// was cancelled, so that there are fewer to come to.
type AttendanceChanged struct {
	Session SessionID      `json:"session"`
	Class   ClassID        `json:"class"`
	People  []org.PersonID `json:"people"`
}

// EventName implements event.Event.
func (AttendanceChanged) EventName() string { return "classroom.attendance-changed" }
