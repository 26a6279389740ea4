package classroom

// RollCalled tells that the roll of a session was called for the first time.
type RollCalled struct {
	Session SessionID `json:"session"`
	Class   ClassID   `json:"class"`
}

// EventName implements event.Event.
func (RollCalled) EventName() string { return "classroom.roll-called" }
