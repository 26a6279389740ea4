package app

// bridge is all the traffic between modules that cannot see each other: what one
// does when it hears of another.
func (h *House) bridge() {}
